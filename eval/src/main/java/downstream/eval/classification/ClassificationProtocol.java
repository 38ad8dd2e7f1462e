package downstream.eval.classification;

import downstream.eval.data.ImageSet;

/**
 * Everything of a classification run that may move its score. A field that is absent takes its
 * default, which is stated here; docs/reference/protocols/classification.md gives the reasons.
 *
 * @param mode {@code frozen}: the encoder is not trained
 * @param labelFraction share of the training images that is used, (0, 1]; 1
 * @param labelSeed draws that share; 0
 * @param imageSize side in pixels of the square that every example is resized to; 64
 * @param crops how examples are cut out of images
 * @param knn the nearest-neighbour vote
 */
record ClassificationProtocol(
    String mode,
    Double labelFraction,
    Long labelSeed,
    Integer imageSize,
    CropSettings crops,
    KnnSettings knn) {
  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  ClassificationProtocol {
    mode = Settings.or(mode, "frozen");
    labelFraction = Settings.or(labelFraction, 1.0);
    labelSeed = Settings.or(labelSeed, 0L);
    imageSize = Settings.or(imageSize, 64);
    crops = Settings.or(crops, CropSettings.defaults());
    knn = Settings.or(knn, KnnSettings.defaults());
    Settings.check(mode.equals("frozen"), "mode", mode, "frozen");
    Settings.check(
        labelFraction > 0 && labelFraction <= 1, "labelFraction", labelFraction, "in (0, 1]");
    Settings.check(imageSize > 0, "imageSize", imageSize, "positive");
  }

  /** The examples of a set. */
  LabelledCrops examples(ImageSet set) {
    return LabelledCrops.of(set, crops.margin(), crops.minSide());
  }
}
