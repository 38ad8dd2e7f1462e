package downstream.detection;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import downstream.detection.heads.DetectionHead;
import downstream.detection.heads.DetectionHeads;
import downstream.detection.heads.DetectionProtocol;
import downstream.detection.targets.Target;
import downstream.detection.targets.TargetMask;
import downstream.eval.Json;
import downstream.eval.encoder.Backbone;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FineTuning;
import downstream.eval.encoder.build.ResNet;
import downstream.eval.train.Examples;
import downstream.eval.train.StepTiming;
import downstream.eval.train.TrainingLoop;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Times training steps of Mask R-CNN, ResNet-50 and FPN, on noise with six rectangles an image; set
 * as torchvision's maskrcnn_resnet50_fpn is, which tools/mask-rcnn-torchvision.py times. Arguments:
 * steps, side, images.
 */
final class MaskRcnnBenchmark {
  private MaskRcnnBenchmark() {}

  private static String fields(int images, int side) {
    return "{head: mask-rcnn, width: 256, norm: none, batchNorm: batch, batch: "
        + images
        + ", imageSize: "
        + side
        + ", rpn: {trainProposals: 2000}, roi: {samples: 2, smoothL1: 0.1111}}";
  }

  public static void main(String[] arguments) throws IOException {
    int steps = Integer.parseInt(arguments[0]);
    int side = Integer.parseInt(arguments[1]);
    int images = Integer.parseInt(arguments[2]);
    List<Double> half = List.of(0.5, 0.5, 0.5);
    EncoderFile encoder =
        ResNet.fifty().build("r50", side, 0, half, half, Json.MAPPER.createObjectNode());
    DetectionProtocol protocol =
        Json.as(
            "benchmark",
            Json.parseYaml("benchmark", fields(images, side)),
            DetectionProtocol.class);
    try (NDManager manager = NDManager.newBaseManager()) {
      Engine.getInstance().setRandomSeed(0);
      DetectionHead head = DetectionHeads.create(protocol, encoder.spec().levels(), 3, manager);
      FineTuning tuning = new FineTuning(true, 0, 1);
      try (Backbone backbone =
          Backbone.open(encoder, head.reads(), "finetune", tuning, manager, Path.of(""), 2)) {
        TrainingPlan plan =
            new TrainingPlan(
                1,
                images,
                new Optimiser.Sgd(1e-4, 0.9, 1e-4, false),
                Schedule.constant(),
                0,
                0,
                1000,
                1);
        StepTiming pace =
            TrainingLoop.measure(
                plan,
                new Noise(side, images),
                new DetectionObjective("mask-rcnn", backbone, head, 1),
                2,
                steps);
        System.out.println(
            "ours "
                + images / pace.secondsPerStep()
                + " images/s, "
                + pace.secondsPerStep()
                + " s");
      }
    }
  }

  /** Noise with rectangles that it does not show. */
  private record Noise(int side, int size) implements Examples<DetectionExample> {
    @Override
    public DetectionExample load(int index, RandomGenerator random) {
      float[] pixels = new float[3 * side * side];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (float) random.nextGaussian();
      }
      List<Target> objects = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        double x = random.nextDouble() * side * 0.6875;
        double y = random.nextDouble() * side * 0.6875;
        double width = side * (0.075 + 0.225 * random.nextDouble());
        double height = side * (0.075 + 0.225 * random.nextDouble());
        TargetMask all = (xs, ys) -> filled(xs.length * ys.length);
        objects.add(new Target(random.nextInt(3), x, y, width, height, Optional.of(all)));
      }
      return new DetectionExample(pixels, objects);
    }

    private static boolean[] filled(int count) {
      boolean[] all = new boolean[count];
      Arrays.fill(all, true);
      return all;
    }
  }
}
