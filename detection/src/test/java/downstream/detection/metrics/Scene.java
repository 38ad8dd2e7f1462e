package downstream.detection.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A hand-made evaluation: images 0, 1, … and classes a, b, … */
public final class Scene {
  public final BoxTable groundTruth = new BoxTable();
  public final BoxTable found = new BoxTable();
  private final int images;
  private final int classes;

  public Scene(int images, int classes) {
    this.images = images;
    this.classes = classes;
  }

  public Scene groundTruth(
      int image, int category, double x, double y, double width, double height) {
    groundTruth.add(image, category, x, y, width, height, 0);
    return this;
  }

  public Scene found(
      int image, int category, double x, double y, double width, double height, double score) {
    found.add(image, category, x, y, width, height, score);
    return this;
  }

  public GroundTruth gt() {
    return gt(Optional.empty());
  }

  /** With LVIS's knowledge, image by image: class numbers. */
  GroundTruth federated(
      Map<Integer, Set<Integer>> absent, Map<Integer, Set<Integer>> partial, String frequency) {
    return gt(
        Optional.of(new Federation(pairs(absent), pairs(partial), List.of(frequency.split("")))));
  }

  private Set<Long> pairs(Map<Integer, Set<Integer>> byImage) {
    Set<Long> pairs = new java.util.HashSet<>();
    byImage.forEach(
        (image, categories) ->
            categories.forEach(c -> pairs.add(Federation.pair(image, c, classes))));
    return pairs;
  }

  private GroundTruth gt(Optional<Federation> federation) {
    List<Long> imageIds = new ArrayList<>();
    for (long i = 0; i < images; i++) {
      imageIds.add(i);
    }
    List<Long> ids = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      ids.add((long) c);
      names.add(String.valueOf((char) ('a' + c)));
    }
    return new GroundTruth(
        imageIds, ids, names, List.of(), groundTruth, Optional.empty(), federation, List.of());
  }

  public DetectionResults results() {
    return new DetectionResults(found, 0, List.of());
  }
}
