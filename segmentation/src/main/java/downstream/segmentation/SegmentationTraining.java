package downstream.segmentation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.eval.BadInput;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.finetune.BlockHead;
import downstream.eval.finetune.EncoderWithHead;
import downstream.eval.finetune.FineTunedTask;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Scalars;
import downstream.segmentation.heads.Bilinear;
import downstream.segmentation.heads.SegmentationHeadType;
import downstream.segmentation.heads.SegmentationHeads;
import java.util.List;
import java.util.Map;

/**
 * The training of a segmenter: its head, its images and its loss, pixel-wise cross-entropy on
 * logits that are enlarged to the size of the labels.
 *
 * @param set training images
 */
record SegmentationTraining(SegmentationProtocol protocol, ImageSet set)
    implements FineTunedTask<BlockHead, SegmentationTrainingExample> {
  private static final int LEAST_UPERNET_BATCH = 2;

  /**
   * Refuses a data set from which the head cannot learn.
   *
   * @throws BadInput if an image has no label map, a label is no class, or the batch is too small
   */
  SegmentationTraining {
    LabelMapChecker.classes(set);
    set.images().parallelStream().forEach(image -> LabelMapChecker.of(image, set));
    if (protocol.head().type() == SegmentationHeadType.UPERNET) {
      requireUpernetBatch("data.batch", "is " + protocol.data().batch(), protocol.data().batch());
      requireUpernetBatch(set.name(), "has 1 image", set.images().size());
    }
  }

  private static void requireUpernetBatch(String where, String found, int images) {
    if (images < LEAST_UPERNET_BATCH) {
      throw new BadInput(
          where,
          found + ", but upernet's batch norm needs at least 2 images in a batch",
          "Set data.batch to 2 or more; the training set must hold at least that many images");
    }
  }

  @Override
  public String name() {
    return "segmentation";
  }

  @Override
  public BlockHead createHead(EncoderFile encoder, NDManager manager) {
    List<FeatureLevel> levels = SegmentationHeads.levels(protocol.head(), encoder);
    return BlockHead.create(
        levels,
        SegmentationHeads.create(protocol.head(), levels, LabelMapChecker.classes(set).size()),
        protocol.imageSize(),
        manager);
  }

  @Override
  public Examples<SegmentationTrainingExample> examples(EncoderWithHead<BlockHead> model) {
    return new SegmentationTrainingExamples(set, protocol, model.spec(), model::inputs);
  }

  @Override
  public NDList arrays(
      EncoderWithHead<BlockHead> model,
      List<SegmentationTrainingExample> batch,
      NDManager manager) {
    return model.arrays(manager, batch.stream().map(example -> example.input()).toList());
  }

  @Override
  public Losses losses(
      EncoderWithHead<BlockHead> model, List<SegmentationTrainingExample> batch, Step step) {
    int size = protocol.imageSize();
    byte[] labels = new byte[batch.size() * size * size];
    for (int i = 0; i < batch.size(); i++) {
      System.arraycopy(batch.get(i).labels(), 0, labels, i * size * size, size * size);
    }
    List<float[]> inputs = batch.stream().map(SegmentationTrainingExample::input).toList();
    NDList maps = model.features(step, inputs);
    NDList logits = model.head().forward(step.store(), maps, true);
    NDArray loss = crossEntropy(logits.head(), labels);
    if (logits.size() == 1) {
      return new Losses(loss, Map.of("cross_entropy", loss));
    }
    NDArray auxiliary = crossEntropy(logits.get(1), labels);
    NDArray total = loss.add(Scalars.times(auxiliary, protocol.head().auxiliaryWeight()));
    return new Losses(total, Map.of("cross_entropy", loss, "auxiliary", auxiliary));
  }

  private NDArray crossEntropy(NDArray logits, byte[] labels) {
    int size = protocol.imageSize();
    return Logits.crossEntropy(Bilinear.resize(logits, size, size), labels);
  }
}
