package downstream.eval.parallel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Batch norm over axis 1, in training by the statistics of the whole batch, also where several
 * replicas share it. DJL's own cannot be extended; name and parameters are the same.
 */
public final class BatchNorm extends AbstractBlock {
  private static final byte VERSION = 2;
  private static final int AXIS = 1;

  private final BatchNormSettings settings;
  private final Parameter gamma;
  private final Parameter beta;
  private final Parameter runningMean;
  private final Parameter runningVar;
  private final BatchStatistics statistics = new BatchStatistics();

  /**
   * Settings of a batch norm.
   *
   * @param epsilon added to the variance
   * @param momentum fraction that a running statistic keeps of itself
   * @param affine whether scale and shift are trained; else they are 1 and 0
   */
  public record BatchNormSettings(float epsilon, float momentum, boolean affine) {
    /** DJL's defaults: ε 1e-5, momentum 0.9, trained scale and shift. */
    public static final BatchNormSettings DEFAULTS = new BatchNormSettings(1e-5f, .9f, true);
  }

  /** A batch norm with the default settings. */
  public BatchNorm() {
    this(BatchNormSettings.DEFAULTS);
  }

  /** A batch norm that has yet to be initialised. */
  public BatchNorm(BatchNormSettings settings) {
    super(VERSION);
    this.settings = settings;
    gamma = parameter("gamma", Parameter.Type.GAMMA, settings.affine());
    beta = parameter("beta", Parameter.Type.BETA, settings.affine());
    runningMean = parameter("runningMean", Parameter.Type.RUNNING_MEAN, false);
    runningVar = parameter("runningVar", Parameter.Type.RUNNING_VAR, false);
  }

  private Parameter parameter(String name, Parameter.Type type, boolean trained) {
    return addParameter(
        Parameter.builder().setName(name).setType(type).optRequiresGrad(trained).build());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> parameters) {
    NDArray x = inputs.singletonOrThrow();
    Device device = x.getDevice();
    NDArray scale = store.getValue(gamma, device, training);
    NDArray shift = store.getValue(beta, device, training);
    NDArray mean = store.getValue(runningMean, device, training);
    NDArray variance = store.getValue(runningVar, device, training);
    if (training && !BatchShare.current().isWhole()) {
      BatchStatistics.Numbers numbers =
          new BatchStatistics.Numbers(settings.epsilon(), settings.momentum(), true);
      return new NDList(statistics.normalise(x, List.of(scale, shift, mean, variance), numbers));
    }
    return ai.djl.nn.norm.BatchNorm.batchNorm(
        x, mean, variance, scale, shift, AXIS, settings.momentum(), settings.epsilon(), training);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {inputShapes[0]};
  }

  @Override
  protected void prepare(Shape[] inputShapes) {
    Shape channels = new Shape(inputShapes[0].get(AXIS));
    for (Parameter parameter : List.of(gamma, beta, runningMean, runningVar)) {
      parameter.setShape(channels);
    }
  }
}
