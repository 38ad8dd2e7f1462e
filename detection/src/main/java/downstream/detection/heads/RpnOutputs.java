package downstream.detection.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import downstream.detection.boxes.Anchors;
import downstream.detection.boxes.BoxCoder;
import downstream.detection.boxes.Boxes;
import downstream.detection.boxes.PyramidShape;
import downstream.detection.targets.BalancedSampler;
import downstream.detection.targets.Matcher;
import downstream.detection.targets.RowTargets;
import downstream.eval.parallel.BatchShare;
import downstream.eval.torch.DeviceReads;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Training and inference steps on the outputs of a region proposal network (Ren et al. 2015,
 * section 3.1): the anchors' targets and losses, and the proposals of each image.
 */
final class RpnOutputs {
  private final RpnSettings settings;
  private final float side;
  private final float[] anchors;
  private final int[] levelEnds;

  RpnOutputs(RpnSettings settings, PyramidShape pyramid, int imageSize) {
    this.settings = settings;
    side = imageSize;
    anchors = Anchors.over(pyramid, settings.anchorScale(), settings.anchorRatios());
    int perCell = settings.anchorRatios().size();
    levelEnds =
        pyramid.levels().stream()
            .mapToInt(level -> (level.first() + level.cells()) * perCell)
            .toArray();
  }

  /**
   * Binary cross-entropy of the sampled anchors and the error of those that are objects', both over
   * the number to draw (equation 1; both terms over the same count, as published code has them).
   *
   * @param outputs logits [N, anchors], deltas [N, anchors, 4]
   * @param objects corners, of each image
   */
  Map<String, NDArray> losses(
      NDList outputs, List<float[]> objects, double smoothL1, RandomGenerator random) {
    Matcher matcher = new Matcher(settings.backgroundIou(), settings.foregroundIou(), true);
    BalancedSampler sampler =
        new BalancedSampler(settings.batchSizePerImage(), settings.positiveFraction());
    List<int[]> matched =
        objects.stream().parallel().map(boxes -> matcher.match(anchors, boxes)).toList();
    List<BalancedSampler.Sample> samples =
        BatchShare.current()
            .inTurn(() -> matched.stream().map(rows -> sampler.draw(rows, random)).toList());
    RowTargets sampled = new RowTargets(1);
    RowTargets regressed = new RowTargets(4);
    for (int image = 0; image < objects.size(); image++) {
      add(image, samples.get(image), matched.get(image), objects.get(image), sampled, regressed);
    }
    double count = (double) settings.batchSizePerImage() * objects.size();
    NDArray logits = outputs.get(0).reshape(-1);
    NDArray deltas = outputs.get(1).reshape(-1, 4);
    Map<String, NDArray> terms = new LinkedHashMap<>();
    terms.put("rpn_objectness", sampled.loss(logits, HeadLosses::binaryCrossEntropy, count));
    terms.put(
        "rpn_box",
        regressed.loss(
            deltas,
            (predicted, groundTruth) -> HeadLosses.smoothL1(predicted.sub(groundTruth), smoothL1),
            count));
    return terms;
  }

  private void add(
      int image,
      BalancedSampler.Sample sample,
      int[] matched,
      float[] objects,
      RowTargets sampled,
      RowTargets regressed) {
    long first = (long) image * Boxes.count(anchors);
    float[] code = new float[4];
    for (int anchor : sample.positives) {
      sampled.add(first + anchor, 1);
      BoxCoder.PROPOSALS.encode(anchors, anchor, objects, matched[anchor], code, 0);
      regressed.add(first + anchor, code);
    }
    for (int anchor : sample.negatives) {
      sampled.add(first + anchor, 0);
    }
  }

  /** The proposals of each image, strongest first; no gradient flows through them. */
  List<float[]> select(NDList outputs, boolean training) {
    ProposalFilter selection =
        training
            ? new ProposalFilter(
                settings.preNmsTopTrain(), settings.nmsIou(), settings.postNmsTopTrain())
            : new ProposalFilter(
                settings.preNmsTopTest(), settings.nmsIou(), settings.postNmsTopTest());
    NDArray logits = outputs.get(0).stopGradient().reshape(-1);
    NDArray deltas = outputs.get(1).stopGradient().reshape(-1);
    float[] values = DeviceReads.floats(logits.concat(deltas));
    int count = Boxes.count(anchors);
    int images = (int) logits.size() / count;
    int all = images * count;
    return IntStream.range(0, images)
        .parallel()
        .mapToObj(
            image ->
                selection.select(
                    anchors,
                    levelEnds,
                    Arrays.copyOfRange(values, image * count, (image + 1) * count),
                    Arrays.copyOfRange(
                        values, all + 4 * image * count, all + 4 * (image + 1) * count),
                    side))
        .toList();
  }
}
