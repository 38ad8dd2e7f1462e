package downstream.pretrain;

import java.util.List;

/**
 * How much the demo does: every number that decides its time, in one place.
 *
 * @param scenes scenes to pretrain and fine-tune on
 * @param validation scenes to score on
 * @param sceneSize pixels along each side of a scene
 * @param encoder settings that all three encoders share, as {@code key=value}
 * @param mae further settings of MAE
 * @param byol further settings of BYOL
 * @param protocol of both tasks
 * @param detection fields of the detection protocol that differ
 * @param segmentation fields of the segmentation protocol that differ
 * @param seeds of each run
 */
record DemoSize(
    int scenes,
    int validation,
    int sceneSize,
    List<String> encoder,
    List<String> mae,
    List<String> byol,
    String protocol,
    List<String> detection,
    List<String> segmentation,
    int seeds) {
  /** Less than six minutes on two cores. */
  static final DemoSize STANDARD =
      new DemoSize(
          400,
          64,
          96,
          List.of("imageSize=64", "patch=8", "width=96", "depth=4", "heads=3"),
          List.of("epochs=20", "batch=64"),
          List.of("epochs=6", "batch=32"),
          "small",
          List.of("steps=150", "imageSize=96", "width=32", "towerConvolutions=1"),
          List.of(
              "steps=160",
              "batch=16",
              "imageSize=96",
              "learningRate=0.003",
              "encoderRateScale=1",
              "smallestScale=1",
              "largestScale=1.5"),
          1);

  /** Seconds: shows that everything connects, and nothing else. */
  static final DemoSize TINY =
      new DemoSize(
          12,
          4,
          64,
          List.of("imageSize=32", "patch=8", "width=32", "depth=1", "heads=2"),
          List.of("epochs=2", "batch=6", "decoderWidth=16", "decoderDepth=1"),
          List.of("epochs=2", "batch=6", "projection=16"),
          "small",
          List.of("steps=2", "batch=2", "imageSize=64"),
          List.of("steps=2", "batch=2", "imageSize=64"),
          1);
}
