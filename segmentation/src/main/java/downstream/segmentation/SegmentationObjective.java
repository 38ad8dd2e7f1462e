package downstream.segmentation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import downstream.eval.train.Losses;
import downstream.eval.train.Objective;
import downstream.eval.train.Step;
import downstream.eval.train.Weight;
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
    float[] planes = new float[batch.size() * 3 * size * size];
    byte[] labels = new byte[batch.size() * size * size];
    for (int i = 0; i < batch.size(); i++) {
      System.arraycopy(batch.get(i).planes(), 0, planes, i * 3 * size * size, 3 * size * size);
      System.arraycopy(batch.get(i).labels(), 0, labels, i * size * size, size * size);
    }
    NDArray images = step.manager().create(planes, new Shape(batch.size(), 3, size, size));
    NDArray logits = segmenter.logits(step.store(), images, true);
    NDArray loss = Logits.crossEntropy(Logits.resize(logits, size, size), labels);
    return new Losses(loss, Map.of("crossEntropy", loss));
  }
}
