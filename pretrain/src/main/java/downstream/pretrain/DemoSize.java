package downstream.pretrain;

import java.util.List;

/**
 * How much the demo does: every number that decides its time, in one place.
 *
 * @param scenes scenes to pretrain and fine-tune on
 * @param validation scenes to score on
 * @param sceneSize pixels along each side of a scene
 * @param preset of all methods
 * @param encoder settings that all encoders share, as {@code key=value}
 * @param pretraining settings that all methods share
 * @param budget of each method, all its stages together
 * @param protocol of both tasks
 * @param detection fields of the detection protocol that differ
 * @param segmentation fields of the segmentation protocol that differ
 * @param seeds of each run
 */
record DemoSize(
    int scenes,
    int validation,
    int sceneSize,
    String preset,
    List<String> encoder,
    List<String> pretraining,
    String budget,
    String protocol,
    List<String> detection,
    List<String> segmentation,
    int seeds) {
  /** Less than eight minutes on two cores. */
  static final DemoSize STANDARD =
      new DemoSize(
          400,
          64,
          96,
          "small",
          List.of(),
          List.of("training.batch=32"),
          "flops=1.5e12",
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
          "smoke",
          List.of(),
          List.of("training.batch=6", "training.watch.times=1"),
          "images=24",
          "small",
          List.of("steps=2", "batch=2", "imageSize=64"),
          List.of("steps=2", "batch=2", "imageSize=64"),
          1);
}
