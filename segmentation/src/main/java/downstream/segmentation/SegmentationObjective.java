package downstream.segmentation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import downstream.eval.train.Losses;
import downstream.eval.train.Objective;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Scalars;
import downstream.eval.train.optimiser.Weight;
import downstream.segmentation.heads.Bilinear;
import java.util.List;
import java.util.Map;

/** Pixel-wise cross-entropy of a segmenter, its logits enlarged to the size of the labels first. */
final class SegmentationObjective implements Objective<SegmentationExample> {
  private final Segmenter segmenter;

  SegmentationObjective(Segmenter segmenter) {
    this.segmenter = segmenter;
  }

  @Override
  public String name() {
    return "segmentation";
  }

  @Override
  public List<Weight> weights() {
    return segmenter.weights();
  }

  @Override
  public Map<String, NDArray> state() {
    return segmenter.state();
  }

  @Override
  public Losses losses(List<SegmentationExample> batch, Step step) {
    int size = segmenter.protocol().imageSize();
    byte[] labels = new byte[batch.size() * size * size];
    for (int i = 0; i < batch.size(); i++) {
      System.arraycopy(batch.get(i).labels(), 0, labels, i * size * size, size * size);
    }
    List<float[]> inputs = batch.stream().map(SegmentationExample::input).toList();
    NDList logits = segmenter.logits(step.store(), step.manager(), inputs, true);
    NDArray loss = crossEntropy(logits.head(), labels);
    if (logits.size() == 1) {
      return new Losses(loss, Map.of("crossEntropy", loss));
    }
    NDArray auxiliary = crossEntropy(logits.get(1), labels);
    NDArray total = loss.add(Scalars.times(auxiliary, segmenter.protocol().auxiliary()));
    return new Losses(total, Map.of("crossEntropy", loss, "auxiliary", auxiliary));
  }

  private NDArray crossEntropy(NDArray logits, byte[] labels) {
    int size = segmenter.protocol().imageSize();
    return Logits.crossEntropy(Bilinear.resize(logits, size, size), labels);
  }
}
