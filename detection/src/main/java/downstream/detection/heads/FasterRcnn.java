package downstream.detection.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import downstream.detection.boxes.BoxCoder;
import downstream.detection.boxes.Boxes;
import downstream.detection.boxes.Detections;
import downstream.detection.boxes.PyramidShape;
import downstream.detection.boxes.RoiBatch;
import downstream.detection.layers.LayerFactory;
import downstream.detection.layers.RoiAlign;
import downstream.detection.targets.RowTargets;
import downstream.detection.targets.Target;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.parallel.BatchShare;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Scalars;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Faster R-CNN (Ren et al. 2015) on a feature pyramid (Lin et al. 2017): a region proposal network
 * says where objects may be; those regions are pooled from the pyramid, and a second head says what
 * each is and where exactly. As Detectron2 has it: anchors of one size a level, four levels to pool
 * from and a fifth for large anchors, boxes by class.
 */
final class FasterRcnn implements DetectionHead {
  private final DetectionProtocol protocol;
  private final int categories;
  private final Neck neck;
  private final Rpn rpn;
  private final RpnOutputs proposals;
  private final BoxHead boxes;
  private final RoiAlign align;

  FasterRcnn(
      DetectionProtocol protocol, List<FeatureLevel> levels, int categories, NDManager manager) {
    this.protocol = protocol;
    this.categories = categories;
    LayerFactory layers = new LayerFactory(protocol.head().norm());
    int width = protocol.head().width();
    neck = NeckFactory.forRegions(levels, protocol, layers);
    rpn =
        new Rpn(
            width,
            protocol.rpnSettings().convolutions(),
            protocol.rpnSettings().anchorRatios().size());
    proposals = new RpnOutputs(protocol.rpnSettings(), neck.pyramid(), protocol.imageSize());
    boxes = new BoxHead(width, protocol.roiSettings(), layers, categories);
    align = align(BoxHead.SIDE);
    neck.initialize(manager, protocol.imageSize());
    rpn.initialize(manager, DataType.FLOAT32, new Shape(1, width, 8, 8));
    boxes.initialize(manager, DataType.FLOAT32, new Shape(BoxHead.SIDE * BoxHead.SIDE, width));
  }

  /** Pools from all levels but the last, which is there for anchors. */
  RoiAlign align(int side) {
    List<PyramidShape.Level> levels = neck.pyramid().levels();
    PyramidShape pooled = new PyramidShape(levels.subList(0, levels.size() - 1));
    return new RoiAlign(
        pooled,
        side,
        protocol.roiSettings().samplingRatio(),
        protocol.roiSettings().canonicalSize());
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
    blocks.put("rpn", rpn);
    blocks.put("boxes", boxes);
    return blocks;
  }

  /**
   * The losses of proposals and boxes, and what the mask branch needs of them.
   *
   * @param cells of the pyramid's maps, all levels but the last: [cells, width]
   * @param samples the regions that the second stage learns from
   */
  record RegionLosses(NDArray cells, SampledProposals samples, Map<String, NDArray> terms) {}

  @Override
  public Losses losses(Step step, NDList maps, List<List<Target>> objects) {
    return total(regionLosses(step, maps, objects).terms());
  }

  static Losses total(Map<String, NDArray> terms) {
    NDList all = new NDList(terms.values());
    NDArray total = all.get(0);
    for (NDArray term : all.subList(1, all.size())) {
      total = total.add(term);
    }
    return new Losses(total, terms);
  }

  RegionLosses regionLosses(Step step, NDList maps, List<List<Target>> objects) {
    NDList pyramid = neck.forward(step.store(), maps, true);
    NDList rpnOutputs = rpn.forward(step.store(), pyramid, true);
    double smoothL1 = protocol.roiSettings().smoothL1Beta();
    List<float[]> groundTruth = objects.stream().map(Target::corners).toList();
    Map<String, NDArray> terms =
        new LinkedHashMap<>(proposals.losses(rpnOutputs, groundTruth, smoothL1, step.random()));

    List<float[]> proposed = proposals.select(rpnOutputs, true);
    SampledProposals samples =
        BatchShare.current()
            .inTurn(
                () ->
                    SampledProposals.draw(
                        protocol.roiSettings(), proposed, objects, step.random()));
    NDArray cells = RoiAlign.cells(pooled(pyramid));
    NDArray bins = align.pool(cells, objects.size(), samples.regions);
    NDList outputs = boxes.forward(step.store(), new NDList(bins), true);
    double count = BatchShare.current().divisor(samples.targets.size(), 1);
    terms.put("class", classLoss(outputs.get(0), samples, count));
    terms.put("box", boxLoss(outputs.get(1), samples, count));
    return new RegionLosses(cells, samples, terms);
  }

  private static NDList pooled(NDList pyramid) {
    return new NDList(pyramid.subList(0, pyramid.size() - 1));
  }

  /** Cross-entropy over all sampled regions, background among the classes. */
  private NDArray classLoss(NDArray logits, SampledProposals samples, double divisor) {
    int count = samples.targets.size();
    long[] groundTruth = new long[count];
    for (int i = 0; i < count; i++) {
      groundTruth[i] = samples.isObject(i) ? samples.targets.get(i).category() : categories;
    }
    NDArray classes = logits.getManager().create(groundTruth, new Shape(count, 1));
    return Scalars.over(HeadLosses.crossEntropy(logits, classes), divisor);
  }

  /** Error of the objects' regions, of their own class, over the number of all sampled regions. */
  private NDArray boxLoss(NDArray deltas, SampledProposals samples, double divisor) {
    RowTargets rows = new RowTargets(4);
    float[] code = new float[4];
    for (int region : samples.positives()) {
      Target object = samples.targets.get(region);
      float[] box = Target.corners(List.of(object));
      BoxCoder.REGIONS.encode(samples.regions.boxes, region, box, 0, code, 0);
      rows.add((long) region * categories + object.category(), code);
    }
    double smoothL1 = protocol.roiSettings().smoothL1Beta();
    return rows.loss(
        deltas.reshape(-1, 4),
        (outputs, targets) -> HeadLosses.smoothL1(outputs.sub(targets), smoothL1),
        divisor);
  }

  /**
   * Boxes, and what masks are pooled from.
   *
   * @param cells of the pyramid's maps, all levels but the last: [cells, width]
   */
  record RegionDetections(NDArray cells, List<Detections> detections) {}

  @Override
  public List<Detections> predict(ParameterStore store, NDManager scope, NDList maps) {
    return predictRegions(store, maps).detections();
  }

  RegionDetections predictRegions(ParameterStore store, NDList maps) {
    NDList pyramid = neck.forward(store, maps, false);
    List<float[]> proposed = proposals.select(rpn.forward(store, pyramid, false), false);
    NDArray cells = RoiAlign.cells(pooled(pyramid));
    RoiBatch regions = RoiBatch.of(proposed);
    List<Detections> detections = new ArrayList<>();
    if (regions.size() == 0) {
      proposed.forEach(none -> detections.add(new Detections(none, new int[0], new float[0])));
      return new RegionDetections(cells, detections);
    }
    NDArray bins = align.pool(cells, proposed.size(), regions);
    NDList outputs = boxes.forward(store, new NDList(bins), false);
    float[] probabilities = outputs.get(0).softmax(1).toFloatArray();
    float[] deltas = outputs.get(1).toFloatArray();
    DetectionPostprocessor decoder = new DetectionPostprocessor(protocol, categories);
    int first = 0;
    for (float[] boxesOfImage : proposed) {
      detections.add(decoder.decode(boxesOfImage, first, probabilities, deltas));
      first += Boxes.count(boxesOfImage);
    }
    return new RegionDetections(cells, detections);
  }
}
