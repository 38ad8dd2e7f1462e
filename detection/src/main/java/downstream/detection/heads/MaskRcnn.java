package downstream.detection.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import downstream.detection.boxes.Detections;
import downstream.detection.boxes.RoiBatch;
import downstream.detection.layers.LayerFactory;
import downstream.detection.layers.RoiAlign;
import downstream.detection.targets.RowTargets;
import downstream.detection.targets.Target;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.parallel.BatchShare;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Mask R-CNN (He et al. 2017): {@link FasterRcnn}, and beside its box head a branch that draws the
 * object in each region. It learns from the regions that are objects' alone, and only the mask of
 * the region's own class has a loss; in prediction it draws in the detected boxes.
 */
final class MaskRcnn implements DetectionHead {
  private final FasterRcnn detector;
  private final MaskHead masks;
  private final RoiAlign align;
  private final int categories;

  MaskRcnn(
      DetectionProtocol protocol, List<FeatureLevel> levels, int categories, NDManager manager) {
    this.categories = categories;
    detector = new FasterRcnn(protocol, levels, categories, manager);
    align = detector.align(MaskHead.POOLED);
    int width = protocol.head().width();
    masks =
        new MaskHead(
            width, protocol.roiSettings(), new LayerFactory(protocol.head().norm()), categories);
    int bins = MaskHead.POOLED * MaskHead.POOLED;
    masks.initialize(manager, DataType.FLOAT32, new Shape(bins, width));
  }

  @Override
  public List<FeatureLevel> levels() {
    return detector.levels();
  }

  @Override
  public boolean hasMasks() {
    return true;
  }

  @Override
  public Map<String, Block> blocks() {
    Map<String, Block> blocks = new LinkedHashMap<>(detector.blocks());
    blocks.put("masks", masks);
    return blocks;
  }

  @Override
  public Losses losses(Step step, NDList maps, List<List<Target>> objects) {
    FasterRcnn.RegionLosses boxes = detector.regionLosses(step, maps, objects);
    Map<String, NDArray> terms = new LinkedHashMap<>(boxes.terms());
    terms.put("mask", maskLoss(step, boxes, objects.size()));
    return FasterRcnn.total(terms);
  }

  /** Mean binary cross-entropy of the objects' regions, in the mask of their class (section 3). */
  private NDArray maskLoss(Step step, FasterRcnn.RegionLosses boxes, int images) {
    SampledProposals samples = boxes.samples();
    int[] positives =
        Arrays.stream(samples.positives())
            .filter(region -> samples.targets.get(region).mask().isPresent())
            .toArray();
    // Without an object the branch still runs, on any region and with weight 0.
    int[] rows = positives.length == 0 ? new int[] {0} : positives;
    RoiBatch regions = samples.regions.take(rows);
    NDArray bins = align.pool(boxes.cells(), images, regions);
    NDArray logits = masks.forward(step.store(), new NDList(bins), true).singletonOrThrow();
    RowTargets groundTruth = new RowTargets(MaskHead.SIDE * MaskHead.SIDE);
    for (int i = 0; i < positives.length; i++) {
      Target object = samples.targets.get(positives[i]);
      groundTruth.add((long) i * categories + object.category(), grid(object, regions.boxes, i));
    }
    NDArray byClass = logits.reshape(-1, (long) MaskHead.SIDE * MaskHead.SIDE);
    double cells =
        BatchShare.current().divisor((double) positives.length * MaskHead.SIDE * MaskHead.SIDE, 1);
    return groundTruth.loss(byClass, HeadLosses::binaryCrossEntropy, cells);
  }

  /** 1 where the middle of a cell of the region lies in the object. */
  private static float[] grid(Target object, float[] boxes, int region) {
    double[] xs = middles(boxes[4 * region], boxes[4 * region + 2]);
    double[] ys = middles(boxes[4 * region + 1], boxes[4 * region + 3]);
    boolean[] covered = object.mask().orElseThrow().covers(xs, ys);
    float[] grid = new float[covered.length];
    for (int i = 0; i < grid.length; i++) {
      grid[i] = covered[i] ? 1 : 0;
    }
    return grid;
  }

  private static double[] middles(double from, double to) {
    double cell = (to - from) / MaskHead.SIDE;
    return IntStream.range(0, MaskHead.SIDE).mapToDouble(i -> from + (i + 0.5) * cell).toArray();
  }

  @Override
  public List<Detections> predict(ParameterStore store, NDManager scope, NDList maps) {
    FasterRcnn.RegionDetections predicted = detector.predictRegions(store, maps);
    List<Detections> detections = predicted.detections();
    RoiBatch regions = RoiBatch.of(detections.stream().map(Detections::boxes).toList());
    if (regions.size() == 0) {
      return detections;
    }
    NDArray bins = align.pool(predicted.cells(), detections.size(), regions);
    NDArray logits = masks.forward(store, new NDList(bins), false).singletonOrThrow();
    float[] masksOfClass = Activation.sigmoid(ofClass(logits, detections)).toFloatArray();
    List<Detections> masked = new ArrayList<>();
    int first = 0;
    for (Detections image : detections) {
      masked.add(image.with(split(masksOfClass, first, image.size()), MaskHead.SIDE));
      first += image.size();
    }
    return masked;
  }

  /** Selects each detection's mask of its class: [detections, 28 · 28]. */
  private NDArray ofClass(NDArray logits, List<Detections> detections) {
    int[] classes = detections.stream().flatMapToInt(d -> Arrays.stream(d.categories())).toArray();
    long[] rows = new long[classes.length];
    Arrays.setAll(rows, i -> (long) i * categories + classes[i]);
    NDArray index = logits.getManager().create(rows, new Shape(rows.length));
    return logits.reshape(-1, (long) MaskHead.SIDE * MaskHead.SIDE).get(new NDIndex("{}", index));
  }

  private static float[][] split(float[] all, int first, int count) {
    int cells = MaskHead.SIDE * MaskHead.SIDE;
    float[][] parts = new float[count][];
    for (int i = 0; i < count; i++) {
      parts[i] = Arrays.copyOfRange(all, (first + i) * cells, (first + i + 1) * cells);
    }
    return parts;
  }
}
