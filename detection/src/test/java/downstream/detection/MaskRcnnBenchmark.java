package downstream.detection;

import ai.djl.ndarray.NDManager;
import downstream.detection.heads.DetectionHead;
import downstream.detection.heads.DetectionHeads;
import downstream.detection.heads.DetectionProtocol;
import downstream.detection.targets.InstanceMask;
import downstream.detection.targets.Target;
import downstream.eval.Device;
import downstream.eval.Json;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.build.ResNet;
import downstream.eval.finetune.EncoderWithHead;
import downstream.eval.finetune.FineTunedTask;
import downstream.eval.finetune.FineTuningObjective;
import downstream.eval.task.FitRequest;
import downstream.eval.task.Protocol;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.StepTiming;
import downstream.eval.train.TrainingLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Times training steps of Mask R-CNN, ResNet-50 and FPN, on noise with six rectangles an image; set
 * as torchvision's maskrcnn_resnet50_fpn is, which tools/mask-rcnn-torchvision.py times. Arguments:
 * steps, side, images.
 */
final class MaskRcnnBenchmark {
  private static final int CATEGORIES = 3;

  private MaskRcnnBenchmark() {}

  private static String fields(int images, int side) {
    return "{head: {type: mask-rcnn, width: 256, norm: none}, encoder: {batchNorm: batch},"
        + " data: {batch: "
        + images
        + ", imageSize: "
        + side
        + "}, rpn: {postNmsTopTrain: 2000}, roi: {samplingRatio: 2, smoothL1Beta: 0.1111},"
        + " optimiser: {type: sgd, learningRate: 0.0001, weightDecay: 0.0001, clip: 0},"
        + " schedule: {type: constant, warmup: 0}}";
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
    Training training = new Training(protocol, new Noise(side, images));
    FitRequest fit =
        new FitRequest(
            encoder,
            new Protocol("detection", "", "benchmark", Json.MAPPER.createObjectNode()),
            new ImageSet("noise", List.of(), List.of(), List.of(), Set.of(), "", List.of()),
            0,
            Path.of(""),
            Path.of(""),
            1,
            Device.CPU,
            0);
    try (EncoderWithHead<DetectionHead> model = EncoderWithHead.open(fit, protocol, training)) {
      StepTiming pace =
          TrainingLoop.measure(
              protocol.plan(fit),
              training.examples(model),
              new FineTuningObjective<>(model, training),
              2,
              steps);
      System.out.println(
          "ours " + images / pace.secondsPerStep() + " images/s, " + pace.secondsPerStep() + " s");
    }
  }

  /** The head and losses of a detector, on examples that no data set holds. */
  private record Training(DetectionProtocol protocol, Noise noise)
      implements FineTunedTask<DetectionHead, DetectionTrainingExample> {
    @Override
    public String name() {
      return "mask-rcnn";
    }

    @Override
    public DetectionHead createHead(EncoderFile encoder, NDManager manager) {
      return DetectionHeads.create(protocol, encoder.spec().levels(), CATEGORIES, manager);
    }

    @Override
    public Examples<DetectionTrainingExample> examples(EncoderWithHead<DetectionHead> model) {
      return noise;
    }

    @Override
    public Losses losses(
        EncoderWithHead<DetectionHead> model, List<DetectionTrainingExample> batch, Step step) {
      return DetectionTraining.lossesOf(model, batch, step);
    }
  }

  /** Noise with rectangles that it does not show. */
  private record Noise(int side, int size) implements Examples<DetectionTrainingExample> {
    @Override
    public DetectionTrainingExample load(int index, RandomGenerator random) {
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
        InstanceMask all = (xs, ys) -> filled(xs.length * ys.length);
        objects.add(new Target(random.nextInt(CATEGORIES), x, y, width, height, Optional.of(all)));
      }
      return new DetectionTrainingExample(pixels, objects);
    }

    private static boolean[] filled(int count) {
      boolean[] all = new boolean[count];
      Arrays.fill(all, true);
      return all;
    }
  }
}
