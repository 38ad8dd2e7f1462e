package downstream.pretrain.mining.report;

import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.pretrain.mining.pairs.MinedPairs;
import downstream.pretrain.mining.pairs.Neighbour;
import downstream.pretrain.mining.pairs.Pair;
import downstream.pretrain.views.Region;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Regions by area and by hubness: what share of the pairs they take, and how many show objects.
 * Mining that pairs ground with ground shows as large and hub-like regions with many pairs.
 */
final class RegionGroups {
  private static final double[] AREAS = {.05, .2, .5, 1};
  private static final List<String> QUARTERS =
      List.of("quarter 1, least", "quarter 2", "quarter 3", "quarter 4, most");

  /** A region: its share of the image, its hubness, its side of how many pairs it is. */
  private record Entry(double area, Optional<Float> hubness, boolean object, long pairs) {}

  private final List<Entry> regions = new ArrayList<>();
  private final boolean labelled;
  private double pairSides;

  RegionGroups(MinedPairs mined, ImageSet images, ObjectLabels groundTruth) {
    labelled = groundTruth.isKnown();
    long[][] pairs = pairs(mined);
    for (int image = 0; image < mined.size(); image++) {
      ImageRecord record = images.images().get(image);
      double pixels = (double) record.width() * record.height();
      List<Region> here = mined.regions(image);
      for (int i = 0; i < here.size(); i++) {
        boolean object = groundTruth.category(image, here.get(i)) != ObjectLabels.NONE;
        double area = here.get(i).area() / pixels;
        regions.add(new Entry(area, mined.hubness(image, i), object, pairs[image][i]));
        pairSides += pairs[image][i];
      }
    }
  }

  /** Number of pairs that each region is a side of. */
  private static long[][] pairs(MinedPairs mined) {
    long[][] pairs = new long[mined.size()][];
    for (int image = 0; image < pairs.length; image++) {
      pairs[image] = new long[mined.regions(image).size()];
    }
    for (int image = 0; image < pairs.length; image++) {
      List<Neighbour> neighbours = mined.neighbours(image);
      for (int k = 0; k < neighbours.size(); k++) {
        for (Pair pair : mined.pairs(image, k)) {
          pairs[image][pair.own()]++;
          pairs[neighbours.get(k).image()][pair.other()]++;
        }
      }
    }
    return pairs;
  }

  /** Share of the regions that have at least one pair. */
  double paired() {
    return (double) regions.stream().filter(entry -> entry.pairs() > 0).count() / regions.size();
  }

  /** Rows for {@link MiningStatistics}. */
  List<MiningStatistics.Group> rows() {
    List<MiningStatistics.Group> rows = new ArrayList<>();
    rows.add(row("all", regions));
    double from = 0;
    for (double to : AREAS) {
      double above = from;
      String name = "area " + percent(from) + " to " + percent(to) + " of the image";
      add(rows, name, where(entry -> entry.area() > above && entry.area() <= to));
      from = to;
    }
    List<Entry> sorted = new ArrayList<>(where(entry -> entry.hubness().isPresent()));
    sorted.sort(Comparator.comparingDouble(entry -> entry.hubness().orElseThrow()));
    for (int quarter = 0;
        quarter < QUARTERS.size() && sorted.size() >= QUARTERS.size();
        quarter++) {
      int start = sorted.size() * quarter / QUARTERS.size();
      int end = sorted.size() * (quarter + 1) / QUARTERS.size();
      add(rows, "hubness, " + QUARTERS.get(quarter), sorted.subList(start, end));
    }
    return rows;
  }

  private static String percent(double share) {
    return Math.round(100 * share) + "%";
  }

  private List<Entry> where(Predicate<Entry> condition) {
    return regions.stream().filter(condition).toList();
  }

  private void add(List<MiningStatistics.Group> rows, String name, List<Entry> part) {
    if (!part.isEmpty()) {
      rows.add(row(name, part));
    }
  }

  private MiningStatistics.Group row(String name, List<Entry> part) {
    double objects = (double) part.stream().filter(Entry::object).count() / part.size();
    return new MiningStatistics.Group(
        name,
        part.size(),
        (double) part.size() / regions.size(),
        part.stream().mapToLong(Entry::pairs).sum() / pairSides,
        labelled ? Optional.of(objects) : Optional.empty());
  }
}
