package downstream.pretrain.mining.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Box;
import downstream.eval.data.annotation.Category;
import downstream.pretrain.mining.pairs.Match;
import downstream.pretrain.mining.pairs.MinedPairs;
import downstream.pretrain.mining.pairs.Neighbour;
import downstream.pretrain.mining.pairs.Pair;
import downstream.pretrain.mining.pairs.PairsHeader;
import downstream.pretrain.mining.pairs.PairsWriter;
import downstream.pretrain.mining.pairs.RandomMatcher;
import downstream.pretrain.mining.regions.ImageRegions;
import downstream.pretrain.settings.MiningSettings;
import downstream.pretrain.views.Region;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MiningStatisticsTest {
  private static final int CAT = 1;
  private static final int DOG = 2;

  @TempDir Path folder;

  /** Objects of 20 × 20 pixels side by side; a class of 0 is no object. */
  private static ImageRecord image(int id, int... classes) {
    List<Box> boxes = new ArrayList<>();
    for (int i = 0; i < classes.length; i++) {
      if (classes[i] > 0) {
        boxes.add(new Box(i, classes[i], 20 * i, 0, 20, 20, 400, false, false, Optional.empty()));
      }
    }
    return new ImageRecord(id, id + ".png", Path.of("none"), 200, 100, boxes, Optional.empty());
  }

  private static ImageSet set(List<ImageRecord> images) {
    List<Category> categories = List.of(new Category(CAT, "cat"), new Category(DOG, "dog"));
    return new ImageSet("set", categories, List.of(), images, Set.of(), "0".repeat(64), List.of());
  }

  /** Each image's regions are the places of its objects. */
  private MinedPairs mined(ImageSet images, int regions, List<Match> matches) {
    int[] boxes = new int[4 * regions];
    for (int i = 0; i < regions; i++) {
      System.arraycopy(new int[] {20 * i, 0, 20, 20}, 0, boxes, 4 * i, 4);
    }
    int count = images.images().size();
    ImageRegions all = ImageRegions.of(java.util.Collections.nCopies(count, boxes));
    PairsHeader header =
        PairsHeader.of(MiningSettings.DEFAULTS, "e", "d", "", images.fingerprint(), count, 0);
    Path file = folder.resolve("pairs.jsonl");
    List<String> names = images.images().stream().map(ImageRecord::name).toList();
    PairsWriter.write(file, header, names, all, matches::get, 1);
    return MinedPairs.read(file, images);
  }

  private static Match match(int neighbour, Pair... pairs) {
    return new Match(List.of(new Neighbour(neighbour, .5f)), List.of(List.of(pairs)));
  }

  @Test
  void neighbours_count_where_both_have_boxes() {
    ImageSet images = set(List.of(image(1, CAT), image(2, CAT, DOG), image(3, DOG), image(4)));
    Pair any = new Pair(0, 0, .5f);
    MinedPairs mined =
        mined(images, 1, List.of(match(1, any), match(2, any), match(0, any), match(0, any)));
    List<MiningStatistics.Agreement> rows =
        ImageNeighbourAgreement.of(mined, new ObjectLabels(images));
    MiningStatistics.Agreement found = rows.get(0);
    // cat → both: yes; both → dog: yes; dog → cat: no; the fourth has no boxes
    assertThat(found.count()).isEqualTo(3);
    assertThat(found.rate()).isEqualTo(2 / 3.0);
    // shared with one of two, two of two, one of two others
    assertThat(found.chanceLevel()).isCloseTo((.5 + 1 + .5) / 3, within(1e-12));
    // one of two classes, one of two, none; by chance half of 1/2, 1/2, half of 1/2
    assertThat(rows.get(1).rate()).isCloseTo((.5 + .5 + 0) / 3, within(1e-12));
    assertThat(rows.get(1).chanceLevel()).isCloseTo((.25 + .5 + .25) / 3, within(1e-12));
  }

  @Test
  void pairs_count_where_both_regions_show_objects() {
    ImageSet images = set(List.of(image(1, CAT, DOG, 0), image(2, CAT, CAT, DOG)));
    MinedPairs mined =
        mined(
            images,
            3,
            List.of(
                match(1, new Pair(0, 0, .9f), new Pair(1, 1, .8f), new Pair(2, 0, .7f)),
                match(0, new Pair(0, 0, .9f))));
    List<MiningStatistics.Agreement> rows = PairAgreement.of(mined, new ObjectLabels(images));
    // 3 of 4 pairs are of two objects; of all region pairs between the images 2 · 3 of 9 are
    assertThat(rows.get(0).rate()).isEqualTo(.75);
    assertThat(rows.get(0).chanceLevel()).isCloseTo(6 / 9.0, within(1e-12));
    // cat–cat, dog–cat, cat–cat; a cat of image 1 finds 2 cats of 3 elsewhere, its dog 1 dog of 3;
    // a cat of image 2 finds 1 cat of 2
    // of all four, two show one class; between the images 1 · 2 + 1 · 1 of 9 do
    assertThat(rows.get(1).rate()).isEqualTo(.5);
    assertThat(rows.get(1).chanceLevel()).isCloseTo(3 / 9.0, within(1e-12));
    for (MiningStatistics.Agreement row : rows.subList(2, 4)) {
      assertThat(row.count()).isEqualTo(3);
      assertThat(row.rate()).isCloseTo(2 / 3.0, within(1e-12));
      assertThat(row.chanceLevel()).isCloseTo((2 / 3.0 + 1 / 3.0 + 1 / 2.0) / 3, within(1e-12));
    }
  }

  @Test
  void regions_are_grouped_by_area() {
    ImageSet images = set(List.of(image(1, CAT, DOG, 0), image(2, CAT, CAT, DOG)));
    MinedPairs mined =
        mined(images, 3, List.of(match(1, new Pair(0, 0, .9f)), match(0, new Pair(0, 2, .9f))));
    RegionGroups groups = new RegionGroups(mined, images, new ObjectLabels(images));
    // the first and the third region of image 1 are a side of a pair, the first of image 2 is of
    // two
    assertThat(groups.paired()).isEqualTo(3 / 6.0);
    assertThat(groups.rows())
        .containsExactly(
            new MiningStatistics.Group("all", 6, 1, 1, Optional.of(5 / 6.0)),
            // 400 of 20,000 pixels
            new MiningStatistics.Group(
                "area 0% to 5% of the image", 6, 1, 1, Optional.of(5 / 6.0)));
  }

  @Test
  void random_pairs_agree_at_chance_level() {
    Random random = new Random(3);
    int count = 300;
    int regions = 6;
    List<ImageRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] classes = random.ints(regions, 0, 10).map(v -> v < 6 ? CAT : v < 8 ? DOG : 0).toArray();
      records.add(image(i + 1, classes));
    }
    ImageSet images = set(records);
    ImageRegions all = ImageRegions.of(java.util.Collections.nCopies(count, new int[4 * regions]));
    RandomMatcher matcher = new RandomMatcher(MiningSettings.DEFAULTS, all, 1);
    List<Match> matches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      matches.add(matcher.match(i));
    }
    MinedPairs mined = mined(images, regions, matches);
    List<MiningStatistics.Agreement> rows =
        new ArrayList<>(PairAgreement.of(mined, new ObjectLabels(images)));
    rows.addAll(ImageNeighbourAgreement.of(mined, new ObjectLabels(images)));
    assertThat(rows).hasSize(6);
    for (MiningStatistics.Agreement row : rows) {
      assertThat(row.rate()).as(row.name()).isCloseTo(row.chanceLevel(), within(.03));
    }
  }

  @Test
  void region_has_the_class_of_the_box_that_overlaps_most() {
    ObjectLabels groundTruth = new ObjectLabels(set(List.of(image(1, CAT, DOG))));
    assertThat(groundTruth.category(0, new Region(0, 0, 22, 20))).isEqualTo(CAT);
    assertThat(groundTruth.category(0, new Region(10, 0, 30, 20))).isEqualTo(DOG);
    // exactly one half counts, less does not
    assertThat(groundTruth.category(0, new Region(0, 0, 10, 20))).isEqualTo(CAT);
    assertThat(groundTruth.category(0, new Region(0, 0, 9, 20))).isEqualTo(ObjectLabels.NONE);
  }

  @Test
  void recall_is_told_by_size() {
    List<Box> boxes = new ArrayList<>();
    int[] sides = {10, 31, 32, 96, 97, 99};
    for (int i = 0; i < sides.length; i++) {
      int side = sides[i];
      boxes.add(
          new Box(i, CAT, 0, 100 * i, side, side, side * side, false, false, Optional.empty()));
    }
    ImageRecord image =
        new ImageRecord(1, "a.png", Path.of("none"), 100, 600, boxes, Optional.empty());
    ImageSet images = set(List.of(image));
    BoxRecall recall = new BoxRecall();
    Region first = new Region(0, 0, 10, 10);
    Region last = new Region(0, 500, 99, 99);
    recall.add(images, 0, new ObjectLabels(images), List.of(first, last), List.of(last));
    assertThat(recall.rows())
        .extracting(MiningStatistics.Recall::boxes)
        .containsExactly(6L, 2L, 2L, 2L, 2L, 2L, 2L);
    assertThat(recall.rows())
        .extracting(MiningStatistics.Recall::proposals)
        .containsExactly(2 / 6.0, .5, 0.0, .5, .5, 0.0, .5);
    assertThat(recall.rows())
        .extracting(MiningStatistics.Recall::regions)
        .containsExactly(1 / 6.0, 0.0, 0.0, .5, 0.0, 0.0, .5);
  }
}
