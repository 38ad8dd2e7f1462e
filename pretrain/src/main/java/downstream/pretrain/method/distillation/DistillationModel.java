package downstream.pretrain.method.distillation;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.train.EngineSeed;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Scalars;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.model.Batches;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.LayerFlops;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.model.ViewSheet;
import downstream.pretrain.model.targets.Distillation;
import downstream.pretrain.model.targets.MovingAverage;
import downstream.pretrain.model.targets.MovingAverage.Momentum;
import downstream.pretrain.monitor.Visualisation;
import downstream.pretrain.settings.CropSettings;
import downstream.pretrain.settings.EncoderSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A student that sees all crops of an image, and its moving average, the teacher, that sees the
 * large ones. The student is to give each crop the distribution that the teacher gives another
 * crop. An example is a list of crops, large ones first, and what else a method adds. N images, V
 * crops of each, K scores.
 */
abstract class DistillationModel implements PretrainingModel<List<float[]>> {
  private final String name;
  private final DistillationSettings settings;
  private final int heldSteps;
  private final ScoringNetwork student;
  private final ScoringNetwork teacher;
  private final MovingAverage average;

  /**
   * @param heldSteps updates at the start in which the last layer is not trained
   * @param manager owns the weights
   */
  DistillationModel(
      String name, DistillationSettings settings, int heldSteps, long seed, NDManager manager) {
    this.name = name;
    this.settings = settings;
    this.heldSteps = heldSteps;
    EncoderFile start = settings.encoder().start(name, seed);
    Engine.getInstance().setRandomSeed(EngineSeed.of(seed));
    Encoder encoder =
        new Encoder(settings.encoder(), start, manager).withDropPath(settings.dropPath());
    student = new ScoringNetwork(encoder, settings.head(), manager);
    teacher =
        new ScoringNetwork(
            new Encoder(settings.encoder(), start, manager), settings.head(), manager);
    average =
        new MovingAverage(
            Momentum.rising(settings.teacher().momentum()),
            student.weights(""),
            teacher.weights("teacher."));
  }

  /** The teacher's distributions, of each kind of scores. */
  abstract List<TeacherDistribution> distributions();

  final ScoringNetwork student() {
    return student;
  }

  final ScoringNetwork teacher() {
    return teacher;
  }

  /** Crops of each side, those of an image one after the other: [N·V, 3, side, side]. */
  @Override
  public NDList arrays(List<List<float[]>> batch, NDManager manager) {
    int large = CropSettings.LARGE;
    NDList arrays = new NDList(crops(batch, 0, large, settings.encoder().imageSize(), manager));
    if (hasSmallCrops()) {
      CropSettings crops = settings.crops();
      arrays.add(crops(batch, large, crops.count(), crops.smallSize(), manager));
    }
    return arrays;
  }

  private static NDArray crops(
      List<List<float[]>> batch, int from, int to, int side, NDManager manager) {
    return Batches.images(together(batch, from, to), side, manager);
  }

  /** Some values of each example, one example after the other. */
  static List<float[]> together(List<List<float[]>> batch, int from, int to) {
    return batch.stream().flatMap(example -> example.subList(from, to).stream()).toList();
  }

  final boolean hasSmallCrops() {
    return settings.crops().small() > 0;
  }

  /** The rows of each image together: [N·V, …] to [N, V, …]. */
  static NDArray ofImages(NDArray rows, int images) {
    Shape each = rows.getShape().slice(1);
    return rows.reshape(new Shape(images, rows.getShape().get(0) / images).addAll(each));
  }

  /** Log probabilities of the student's scores. */
  final NDArray found(NDArray scores) {
    return Distillation.logProbabilities(scores, settings.studentTemperature());
  }

  /** Tells whether the last layer is not trained in a step. */
  final boolean isHeld(Step step) {
    return step.index() < heldSteps;
  }

  /**
   * The mean cross-entropy over all pairs of a large crop, as the teacher sees it, and another
   * crop, as the student sees it (Caron et al. 2021, equation 3).
   *
   * @param found log probabilities of the student, [N, V, K], large crops first
   * @param wanted probabilities of the teacher, [N, 2, K]
   */
  static NDArray overPairs(NDArray found, NDArray wanted) {
    long crops = found.getShape().get(1);
    NDArray large = found.get(":, :" + CropSettings.LARGE); // [N, 2, K]
    NDArray others = found.sum(new int[] {1}, true).sub(large);
    NDArray losses = Distillation.crossEntropy(others, wanted); // [N, 2], each of V - 1 pairs
    return Scalars.over(losses.mean(), crops - 1);
  }

  /** The teacher follows the student, and the centres the teacher's scores. */
  @Override
  public void afterUpdate(Step step) {
    average.update(step);
    distributions().forEach(TeacherDistribution::update);
  }

  @Override
  public final String name() {
    return name;
  }

  /** The exported network's. */
  @Override
  public final Encoder encoder() {
    return switch (settings.teacher().exported()) {
      case TEACHER -> teacher.encoder();
      case STUDENT -> student.encoder();
    };
  }

  @Override
  public List<Weight> weights() {
    return student.weights("");
  }

  @Override
  public final Map<String, NDArray> state() {
    Map<String, NDArray> state = average.state();
    state.putAll(student.state(""));
    state.putAll(teacher.state("teacher."));
    distributions().forEach(distribution -> state.putAll(distribution.state()));
    return state;
  }

  @Override
  public final Map<String, NDArray> measure(Step step) {
    Map<String, NDArray> measured = new LinkedHashMap<>();
    distributions().forEach(distribution -> measured.putAll(distribution.measure()));
    return measured;
  }

  @Override
  public final void check(int step, int steps, Map<String, Double> measured) {
    distributions().forEach(distribution -> distribution.check(step, steps, measured));
  }

  /**
   * All crops through the student, the large ones through the teacher without gradients.
   *
   * @param scored embeddings of a large crop that get scores
   */
  final long flops(long scored) {
    EncoderSettings encoder = settings.encoder();
    long large = CropSettings.LARGE * student.flops(encoder.imageSize(), scored);
    long small =
        hasSmallCrops()
            ? settings.crops().small() * student.flops(settings.crops().smallSize(), 1)
            : 0;
    return LayerFlops.TRAINED * (large + small) + large;
  }

  @Override
  public final Map<String, Visualisation> visualisations(List<List<float[]>> sample) {
    List<String> captions = new ArrayList<>();
    for (int i = 0; i < settings.crops().count(); i++) {
      captions.add(i < CropSettings.LARGE ? "large crop" : "small crop");
    }
    return Map.of("crops", step -> ViewSheet.of(sample, captions));
  }
}
