package downstream.pretrain.monitor;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Objective;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.settings.MonitorSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * A SimSiam of a few thousand weights on images of noise, each view with noise of its own. Without
 * stop-gradient and predictor there is nothing to keep it from giving one point for all.
 */
public final class Toy implements Objective<List<float[]>>, AutoCloseable {
  static final int SIZE = 4;
  private static final int PIXELS = 3 * SIZE * SIZE;
  private static final int WIDTH = 32;

  private final NDManager manager = NDManager.newBaseManager();
  private final Design design;
  private final Block encoder;
  private final Block predictor;
  private final CollapseMonitor monitor;
  public int failAt = -1;

  /**
   * What keeps it from a collapse.
   *
   * @param stopGradient whether the target of a prediction is a constant
   * @param predictor whether there is one
   * @param lastNorm whether the projector ends with a batch norm, as SimSiam's does
   */
  public record Design(boolean stopGradient, boolean predictor, boolean lastNorm) {
    public static final Design SOUND = new Design(true, true, false);
  }

  public Toy(Design design, MonitorSettings settings) {
    this.design = design;
    Engine.getInstance().setRandomSeed(5);
    encoder = network(PIXELS, 64, WIDTH, design.lastNorm());
    predictor = network(WIDTH, 16, WIDTH, false);
    monitor = new CollapseMonitor("toy", "projections", settings, manager);
  }

  private Block network(int in, int hidden, int out, boolean lastNorm) {
    SequentialBlock block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(hidden).build())
            .add(BatchNorm.builder().build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(out).build());
    if (lastNorm) {
      block.add(BatchNorm.builder().optCenter(false).optScale(false).build());
    }
    block.initialize(manager, DataType.FLOAT32, new Shape(2, in));
    return block;
  }

  /** Sixty-four images of noise, each in two noisy views. */
  public static final class Views implements Examples<List<float[]>> {
    @Override
    public int size() {
      return 64;
    }

    @Override
    public List<float[]> load(int index, RandomGenerator random) {
      float[] image = image(index);
      return List.of(noisy(image, random), noisy(image, random));
    }

    public static float[] image(int index) {
      Random own = new Random(index);
      float[] image = new float[PIXELS];
      for (int i = 0; i < PIXELS; i++) {
        image[i] = (float) own.nextGaussian();
      }
      return image;
    }

    private static float[] noisy(float[] image, RandomGenerator random) {
      float[] view = image.clone();
      for (int i = 0; i < PIXELS; i++) {
        view[i] += .5f * (float) random.nextGaussian();
      }
      return view;
    }
  }

  @Override
  public String name() {
    return "toy";
  }

  @Override
  public List<Weight> weights() {
    List<Weight> weights = new ArrayList<>(Weight.of("encoder", encoder));
    if (design.predictor()) {
      weights.addAll(Weight.of("predictor", predictor));
    }
    return weights;
  }

  @Override
  public Map<String, NDArray> state() {
    Map<String, NDArray> state = new LinkedHashMap<>(monitor.state());
    state.putAll(Weight.stateOf("encoder", encoder));
    state.putAll(Weight.stateOf("predictor", predictor));
    return state;
  }

  @Override
  public Losses losses(List<List<float[]>> batch, Step step) {
    if (step.index() == failAt) {
      throw new IllegalStateException("power cut");
    }
    NDArray one = forward(encoder, views(batch, 0, step.manager()), step.store(), true);
    NDArray two = forward(encoder, views(batch, 1, step.manager()), step.store(), true);
    monitor.record(one);
    NDArray loss = loss(one, two, step).add(loss(two, one, step)).neg();
    return new Losses(loss, Map.of("loss", loss));
  }

  private NDArray loss(NDArray online, NDArray target, Step step) {
    return cosine(
        design.predictor() ? forward(predictor, online, step.store(), true) : online,
        design.stopGradient() ? target.stopGradient() : target);
  }

  @Override
  public Map<String, NDArray> measure(Step step) {
    return monitor.measure();
  }

  @Override
  public void check(int step, int steps, Map<String, Double> measured) {
    monitor.check(step, steps, measured);
  }

  /** In inference mode, as {@code ImageEmbedder}. */
  public float[][] embed(List<float[]> images, Step step) {
    NDArray rows = stack(images, step.manager());
    float[] flat = forward(encoder, rows, step.store(), false).toFloatArray();
    float[][] embedded = new float[images.size()][WIDTH];
    for (int i = 0; i < embedded.length; i++) {
      System.arraycopy(flat, i * WIDTH, embedded[i], 0, WIDTH);
    }
    return embedded;
  }

  private static NDArray views(List<List<float[]>> batch, int view, NDManager manager) {
    return stack(batch.stream().map(views -> views.get(view)).toList(), manager);
  }

  private static NDArray stack(List<float[]> images, NDManager manager) {
    float[] flat = new float[images.size() * PIXELS];
    for (int i = 0; i < images.size(); i++) {
      System.arraycopy(images.get(i), 0, flat, i * PIXELS, PIXELS);
    }
    return manager.create(flat, new Shape(images.size(), PIXELS));
  }

  private static NDArray forward(Block block, NDArray x, ParameterStore store, boolean training) {
    return block.forward(store, new NDList(x), training).singletonOrThrow();
  }

  private static NDArray cosine(NDArray a, NDArray b) {
    return unit(a).mul(unit(b)).sum(new int[] {1}).mean();
  }

  private static NDArray unit(NDArray rows) {
    return rows.div(rows.square().sum(new int[] {1}, true).add(1e-12).sqrt());
  }

  @Override
  public void close() {
    manager.close();
  }
}
