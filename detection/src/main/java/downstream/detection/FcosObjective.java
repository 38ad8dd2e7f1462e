package downstream.detection;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.encoder.Backbone;
import downstream.eval.train.Losses;
import downstream.eval.train.Objective;
import downstream.eval.train.Scalars;
import downstream.eval.train.Step;
import downstream.eval.train.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an FCOS training minimises (equation 2 and section 3.2): focal loss and centre-ness
 * cross-entropy over the number of positive cells, GIoU loss over the sum of their centre-ness.
 */
final class FcosObjective implements Objective<DetectionExample> {
  private final Backbone backbone;
  private final FcosHead head;
  private final DetectionProtocol protocol;
  private final int categories;

  FcosObjective(Backbone backbone, FcosHead head, DetectionProtocol protocol, int categories) {
    this.backbone = backbone;
    this.head = head;
    this.protocol = protocol;
    this.categories = categories;
  }

  @Override
  public String name() {
    return "fcos";
  }

  @Override
  public List<Weight> weights() {
    List<Weight> weights = new ArrayList<>(Weight.of("head", head));
    weights.addAll(backbone.weights(protocol.encoderRateScale()));
    return weights;
  }

  @Override
  public Map<String, NDArray> state() {
    return backbone.state();
  }

  @Override
  public Losses losses(List<DetectionExample> batch, Step step) {
    NDManager manager = step.manager();
    List<float[]> inputs = batch.stream().map(e -> e.input).toList();
    List<NDArray> maps = backbone.features(step.store(), manager, inputs, true);
    NDList last = new NDList(maps.get(maps.size() - 1));
    NDList out = head.forward(step.store(), last, true);

    int cells = batch.get(0).targets.category.length;
    // Floats: a double would turn a scalar loss into float64.
    float positives = Math.max(1, batch.stream().mapToInt(e -> e.targets.positives).sum());
    NDArray classes =
        manager.create(oneHot(batch, cells), new Shape(batch.size(), categories, cells));
    NDArray distances =
        manager.create(
            joined(batch.stream().map(e -> e.targets.distances).toList()),
            new Shape(batch.size(), 4, cells));
    NDArray centrality =
        manager.create(
            joined(batch.stream().map(e -> e.targets.centrality).toList()),
            new Shape(batch.size(), 1, cells));
    NDArray isPositive = centrality.sign();
    float centralitySum = Math.max(1e-6f, (float) sum(batch));

    NDArray focal =
        FcosLosses.focal(
            out.get(0),
            classes,
            protocol.focalAlpha().floatValue(),
            protocol.focalGamma().floatValue());
    NDArray classLoss = Scalars.over(focal, positives);
    NDArray boxLoss =
        Scalars.over(FcosLosses.giou(out.get(1), distances, centrality), centralitySum);
    NDArray centre = FcosLosses.binaryCrossEntropy(out.get(2), centrality).mul(isPositive).sum();
    NDArray centreLoss = Scalars.over(centre, positives);
    Map<String, NDArray> terms = new LinkedHashMap<>();
    terms.put("class", classLoss);
    terms.put("box", boxLoss);
    terms.put("centre", centreLoss);
    return new Losses(classLoss.add(boxLoss).add(centreLoss), terms);
  }

  /** [N, categories, cells]: 1 where a cell shows the class. */
  private float[] oneHot(List<DetectionExample> batch, int cells) {
    float[] truth = new float[batch.size() * categories * cells];
    for (int image = 0; image < batch.size(); image++) {
      int[] category = batch.get(image).targets.category;
      for (int cell = 0; cell < cells; cell++) {
        if (category[cell] != FcosTargets.BACKGROUND) {
          truth[(image * categories + category[cell]) * cells + cell] = 1;
        }
      }
    }
    return truth;
  }

  private static double sum(List<DetectionExample> batch) {
    double sum = 0;
    for (DetectionExample example : batch) {
      for (float value : example.targets.centrality) {
        sum += value;
      }
    }
    return sum;
  }

  /** The arrays one after the other. */
  private static float[] joined(List<float[]> parts) {
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
