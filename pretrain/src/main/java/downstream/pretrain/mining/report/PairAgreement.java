package downstream.pretrain.mining.report;

import downstream.pretrain.mining.pairs.MinedPairs;
import downstream.pretrain.mining.pairs.Neighbour;
import downstream.pretrain.mining.pairs.Pair;
import downstream.pretrain.views.Region;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The share of pairs that show objects of one class, where both regions have a class. Two chance
 * levels, both exact: a random partner among the regions with a class of all other images, and
 * among those of the same neighbour; the second leaves nothing but the matching of regions.
 */
final class PairAgreement {
  private final List<List<Long>> classes = new ArrayList<>();
  private final List<Map<Long, Long>> ofImage = new ArrayList<>();
  private final Map<Long, Long> ofAll = new HashMap<>();
  private final long[] known;
  private long regions;
  private double inOneImage;
  private double knownInOneImage;

  private long pairs;
  private long counted;
  private double agreeing;
  private double byChance;
  private double byChanceInNeighbour;

  private PairAgreement(MinedPairs mined, ObjectLabels groundTruth) {
    known = new long[mined.size()];
    for (int image = 0; image < mined.size(); image++) {
      List<Long> here = new ArrayList<>();
      Map<Long, Long> counts = new HashMap<>();
      for (Region region : mined.regions(image)) {
        long category = groundTruth.category(image, region);
        here.add(category);
        if (category != ObjectLabels.NONE) {
          counts.merge(category, 1L, Long::sum);
          ofAll.merge(category, 1L, Long::sum);
          known[image]++;
        }
      }
      classes.add(here);
      ofImage.add(counts);
      regions += here.size();
      inOneImage += (double) here.size() * here.size();
      knownInOneImage += (double) known[image] * known[image];
    }
  }

  /** Rows for {@link MiningStatistics}; none where nothing could be counted. */
  static List<MiningStatistics.Agreement> of(MinedPairs mined, ObjectLabels groundTruth) {
    PairAgreement agreement = new PairAgreement(mined, groundTruth);
    for (int query = 0; query < mined.size(); query++) {
      List<Neighbour> neighbours = mined.neighbours(query);
      for (int k = 0; k < neighbours.size(); k++) {
        for (Pair pair : mined.pairs(query, k)) {
          agreement.add(query, neighbours.get(k).image(), pair);
        }
      }
    }
    return agreement.rows();
  }

  private void add(int query, int neighbour, Pair pair) {
    pairs++;
    long own = classes.get(query).get(pair.own());
    long other = classes.get(neighbour).get(pair.other());
    if (own != ObjectLabels.NONE && other != ObjectLabels.NONE) {
      counted++;
      agreeing += own == other ? 1 : 0;
      long elsewhere = count(ofAll, own) - count(ofImage.get(query), own);
      byChance += (double) elsewhere / (allKnown() - known[query]);
      byChanceInNeighbour += (double) count(ofImage.get(neighbour), own) / known[neighbour];
    }
  }

  private static long count(Map<Long, Long> counts, long category) {
    return counts.getOrDefault(category, 0L);
  }

  private long allKnown() {
    return ofAll.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Number of ordered pairs of regions of two images that have one class. */
  private double sameClass() {
    double same = 0;
    for (Map.Entry<Long, Long> entry : ofAll.entrySet()) {
      same += (double) entry.getValue() * entry.getValue();
    }
    for (Map<Long, Long> here : ofImage) {
      for (long count : here.values()) {
        same -= (double) count * count;
      }
    }
    return same;
  }

  private List<MiningStatistics.Agreement> rows() {
    double all = allKnown();
    double bothKnown = (all * all - knownInOneImage) / ((double) regions * regions - inOneImage);
    List<MiningStatistics.Agreement> rows = new ArrayList<>();
    rows.add(
        new MiningStatistics.Agreement(
            "pairs of two objects; chance level: any two regions",
            (double) counted / pairs,
            bothKnown,
            pairs));
    rows.add(
        new MiningStatistics.Agreement(
            "pairs of two objects of one class; chance level: any two regions",
            agreeing / pairs,
            sameClass() / ((double) regions * regions - inOneImage),
            pairs));
    if (counted > 0) {
      double share = agreeing / counted;
      rows.add(
          new MiningStatistics.Agreement(
              "of these, one class; chance level: any object elsewhere",
              share,
              byChance / counted,
              counted));
      rows.add(
          new MiningStatistics.Agreement(
              "of these, one class; chance level: any object of the neighbour",
              share,
              byChanceInNeighbour / counted,
              counted));
    }
    return rows;
  }
}
