package downstream.detection;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.detection.heads.DetectionHead;
import downstream.detection.heads.DetectionHeads;
import downstream.detection.heads.DetectionProtocol;
import downstream.eval.BadInput;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Box;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.finetune.EncoderWithHead;
import downstream.eval.finetune.FineTunedTask;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import java.util.List;

/**
 * The training of a detector: its head, its images and its losses.
 *
 * @param set training images
 */
record DetectionTraining(DetectionProtocol protocol, ImageSet set)
    implements FineTunedTask<DetectionHead, DetectionTrainingExample> {
  /**
   * Refuses a data set from which the head cannot learn.
   *
   * @throws BadInput if there are no categories, no boxes, or no masks for a head with masks
   */
  DetectionTraining {
    if (set.categories().isEmpty()) {
      throw new BadInput(set.name(), "has no categories", "Give a data set with boxes");
    }
    if (set.images().stream().flatMap(p -> p.boxes().stream()).allMatch(Box::crowd)) {
      throw new BadInput(
          set.name(), "has no boxes to learn from", "Check the annotations and data.labelFraction");
    }
    if (protocol.head().type().hasMasks() && !hasMasks(set)) {
      throw new BadInput(
          set.name(),
          "has no masks to learn from: no annotation has a segmentation",
          "Set head.type=faster-rcnn, or use annotations with polygons or RLE");
    }
  }

  private static boolean hasMasks(ImageSet set) {
    return set.images().stream()
        .flatMap(p -> p.boxes().stream())
        .anyMatch(box -> ObjectMask.of(box).isPresent());
  }

  @Override
  public String name() {
    return protocol.head().type().toString();
  }

  @Override
  public DetectionHead createHead(EncoderFile encoder, NDManager manager) {
    return DetectionHeads.create(
        protocol, encoder.spec().levels(), set.categories().size(), manager);
  }

  @Override
  public Examples<DetectionTrainingExample> examples(EncoderWithHead<DetectionHead> model) {
    return new DetectionTrainingExamples(
        set, protocol, model.spec(), model.head().hasMasks(), model::inputs);
  }

  @Override
  public NDList arrays(
      EncoderWithHead<DetectionHead> model,
      List<DetectionTrainingExample> batch,
      NDManager manager) {
    return model.arrays(manager, batch.stream().map(example -> example.input).toList());
  }

  @Override
  public Losses losses(
      EncoderWithHead<DetectionHead> model, List<DetectionTrainingExample> batch, Step step) {
    return lossesOf(model, batch, step);
  }

  /** The losses of the model's head on the encoder's maps of a batch. */
  static Losses lossesOf(
      EncoderWithHead<DetectionHead> model, List<DetectionTrainingExample> batch, Step step) {
    List<float[]> inputs = batch.stream().map(example -> example.input).toList();
    NDList maps = model.features(step, inputs);
    return model.head().losses(step, maps, batch.stream().map(e -> e.objects).toList());
  }
}
