package downstream.detection.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import downstream.detection.boxes.Detections;
import downstream.detection.boxes.PyramidShape;
import downstream.detection.layers.LayerFactory;
import downstream.detection.targets.FcosTargets;
import downstream.detection.targets.Target;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.parallel.BatchShare;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Scalars;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * FCOS (Tian et al. 2019): every cell of a pyramid is asked for the object it lies in. Its training
 * minimises (equation 2 and section 3.2) focal loss and centerness cross-entropy over the number of
 * positive cells, and GIoU loss over the sum of their centerness.
 */
final class Fcos implements DetectionHead {
  private final DetectionProtocol protocol;
  private final int categories;
  private final Neck neck;
  private final FcosHead head;

  Fcos(DetectionProtocol protocol, List<FeatureLevel> levels, int categories, NDManager manager) {
    this.protocol = protocol;
    this.categories = categories;
    neck = NeckFactory.forCells(levels, protocol, new LayerFactory(protocol.head().norm()));
    head = new FcosHead(protocol, neck.pyramid().levels().size(), categories);
    neck.initialize(manager, protocol.imageSize());
    head.initialize(manager, DataType.FLOAT32, new Shape(1, protocol.head().width(), 8, 8));
  }

  @Override
  public List<FeatureLevel> levels() {
    return neck.levels();
  }

  @Override
  public boolean hasMasks() {
    return false;
  }

  @Override
  public Map<String, Block> blocks() {
    Map<String, Block> blocks = new LinkedHashMap<>();
    blocks.put("neck", neck.block());
    blocks.put("head", head);
    return blocks;
  }

  @Override
  public Losses losses(Step step, NDList maps, List<List<Target>> objects) {
    NDManager manager = step.manager();
    NDList out = head.forward(step.store(), neck.forward(step.store(), maps, true), true);
    List<FcosTargets> targets = targets(objects);
    int cells = neck.pyramid().cells();
    BatchShare share = BatchShare.current();
    double positives = share.divisor(targets.stream().mapToInt(t -> t.positives).sum(), 1);
    NDArray classes =
        manager.create(oneHot(targets, cells), new Shape(targets.size(), categories, cells));
    NDArray distances = joined(manager, targets.stream().map(t -> t.distances).toList(), 4);
    NDArray centerness = joined(manager, targets.stream().map(t -> t.centerness).toList(), 1);
    double centernessSum = share.divisor(sum(targets), 1e-6);

    float alpha = protocol.fcosSettings().focalAlpha().floatValue();
    float gamma = protocol.fcosSettings().focalGamma().floatValue();
    NDArray classLoss =
        Scalars.over(HeadLosses.focal(out.get(0), classes, alpha, gamma), positives);
    NDArray boxLoss =
        Scalars.over(HeadLosses.giou(out.get(1), distances, centerness), centernessSum);
    NDArray isPositive = centerness.sign();
    NDArray crossEntropy =
        HeadLosses.binaryCrossEntropy(out.get(2), centerness).mul(isPositive).sum();
    NDArray centernessLoss = Scalars.over(crossEntropy, positives);
    Map<String, NDArray> terms = new LinkedHashMap<>();
    terms.put("class", classLoss);
    terms.put("box", boxLoss);
    terms.put("centerness", centernessLoss);
    return new Losses(classLoss.add(boxLoss).add(centernessLoss), terms);
  }

  private List<FcosTargets> targets(List<List<Target>> objects) {
    PyramidShape pyramid = neck.pyramid();
    FcosSettings settings = protocol.fcosSettings();
    return objects.stream()
        .parallel()
        .map(
            of ->
                FcosTargets.of(
                    pyramid, of, settings.centerSamplingRadius(), settings.maxDistanceInStrides()))
        .toList();
  }

  /** [N, categories, cells]: 1 where a cell shows the class. */
  private float[] oneHot(List<FcosTargets> targets, int cells) {
    float[] groundTruth = new float[targets.size() * categories * cells];
    for (int image = 0; image < targets.size(); image++) {
      int[] category = targets.get(image).category;
      for (int cell = 0; cell < cells; cell++) {
        if (category[cell] != FcosTargets.BACKGROUND) {
          groundTruth[(image * categories + category[cell]) * cells + cell] = 1;
        }
      }
    }
    return groundTruth;
  }

  private static double sum(List<FcosTargets> targets) {
    double sum = 0;
    for (FcosTargets target : targets) {
      for (float value : target.centerness) {
        sum += value;
      }
    }
    return sum;
  }

  /** The arrays of all images, [N, channels, cells]. */
  private NDArray joined(NDManager manager, List<float[]> parts, int channels) {
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return manager.create(all, new Shape(parts.size(), channels, neck.pyramid().cells()));
  }

  @Override
  public List<Detections> predict(ParameterStore store, NDManager scope, NDList maps) {
    NDList out = head.forward(store, neck.forward(store, maps, false), false);
    float[][] outputs = out.stream().map(NDArray::toFloatArray).toArray(float[][]::new);
    FcosDecoder decoder = new FcosDecoder(neck.pyramid(), protocol, categories);
    int images = Math.toIntExact(out.get(0).getShape().get(0));
    List<Detections> detections = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      detections.add(
          decoder.decode(
              part(outputs[0], i, images),
              part(outputs[1], i, images),
              part(outputs[2], i, images)));
    }
    return detections;
  }

  private static float[] part(float[] all, int index, int images) {
    int length = all.length / images;
    return Arrays.copyOfRange(all, index * length, (index + 1) * length);
  }
}
