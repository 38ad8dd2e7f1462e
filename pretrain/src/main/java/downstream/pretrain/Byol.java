package downstream.pretrain;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.initializer.XavierInitializer.FactorType;
import ai.djl.training.initializer.XavierInitializer.RandomType;
import downstream.eval.data.Image;
import downstream.eval.data.Sheet;
import downstream.eval.encoder.EncoderBlock;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.run.Pretrainer;
import downstream.eval.run.Pretraining;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Objective;
import downstream.eval.train.Plan;
import downstream.eval.train.Step;
import downstream.eval.train.Trained;
import downstream.eval.train.TrainingLoop;
import downstream.eval.train.Weight;
import downstream.pretrain.views.ByolView;
import downstream.pretrain.views.ImageNet;
import downstream.pretrain.views.Photos;
import downstream.pretrain.watch.CollapseMonitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * BYOL (Grill et al., "Bootstrap Your Own Latent", NeurIPS 2020, arXiv 2006.07733) on a ViT whose
 * embedding is the mean patch token: the online network predicts how a slowly moving average of
 * itself projects another view of the same image.
 */
public final class Byol implements Pretrainer {
  @Override
  public String name() {
    return "byol";
  }

  @Override
  public String summary() {
    return "Bootstrap your own latent (Grill et al. 2020): predicts another view's projection";
  }

  @Override
  public Record defaults() {
    return ByolSettings.DEFAULTS;
  }

  @Override
  public void run(Pretraining pretraining) throws IOException {
    ByolSettings settings = pretraining.resolve(ByolSettings.DEFAULTS);
    TwoViews views = TwoViews.of(new Photos(pretraining.images()), settings);
    Plan plan = settings.plan(views.size(), pretraining.seed(), pretraining.threads());
    views.draw(settings.imageSize(), pretraining.folder().resolve("views.png"));
    try (NDManager manager = pretraining.device().newManager()) {
      Bootstrap model = new Bootstrap(settings, pretraining.seed(), manager);
      Trained trained = TrainingLoop.train(plan, views, model, pretraining.folder());
      new Export(this, settings, pretraining)
          .write(model.online.encoder, plan, Flops.byol(settings), trained);
    }
  }

  /** Both views of each image: {first, second}, each [3, S, S]. */
  record TwoViews(Photos photos, ByolView first, ByolView second)
      implements Examples<List<float[]>> {
    private static final int SHOWN = 8;

    static TwoViews of(Photos photos, ByolSettings settings) {
      return new TwoViews(
          photos,
          ByolView.first(settings.imageSize(), settings.minCropArea()),
          ByolView.second(settings.imageSize(), settings.minCropArea()));
    }

    @Override
    public int size() {
      return photos.size();
    }

    @Override
    public List<float[]> load(int index, RandomGenerator random) {
      Image photo = photos.get(index);
      return List.of(first.draw(photo, random), second.draw(photo, random));
    }

    /** A sheet with the photo and both views of some images. */
    void draw(int size, Path png) {
      Sheet sheet = new Sheet(6, 2 * size);
      int count = Math.min(SHOWN, size());
      for (int i = 0; i < count; i++) {
        int index = (int) ((long) i * size() / count);
        List<float[]> views = load(index, new SplittableRandom(index));
        sheet.add(photos.get(index), "photo");
        sheet.add(image(views.get(0), size), "view 1");
        sheet.add(image(views.get(1), size), "view 2");
      }
      sheet.writePng(png);
    }

    private static Image image(float[] planes, int size) {
      return Image.ofPlanes(planes, size, size, ImageNet.MEAN, ImageNet.STD);
    }
  }

  /** τ of step k of K: 1 - (1 - base)·(cos(πk/K) + 1)/2, from base to 1. */
  static double momentum(double base, int step, int steps) {
    return 1 - (1 - base) * (Math.cos(Math.PI * step / steps) + 1) / 2;
  }

  /**
   * Mean over the batch of ‖q/|q| - z/|z|‖² = 2 - 2·cos (equation 2), eps 1e-12 inside the root.
   *
   * @param prediction q [N, d]
   * @param target z [N, d], a constant
   */
  static NDArray regression(NDArray prediction, NDArray target) {
    return normalised(prediction)
        .sub(normalised(target))
        .square()
        .sum(new int[] {1}) // [N]
        .mean();
  }

  private static NDArray normalised(NDArray rows) {
    return rows.div(rows.square().sum(new int[] {1}, true).add(1e-12).sqrt());
  }

  /** Linear with bias, batch norm, ReLU, linear without: [N, in] to [N, out]. */
  static Block head(int in, int hidden, int out, NDManager manager) {
    Block head =
        new SequentialBlock()
            .add(Linear.builder().setUnits(hidden).build())
            .add(BatchNorm.builder().optEpsilon(1e-5f).optMomentum(.9f).build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(out).optBias(false).build());
    // Kaiming normal, fan in, gain of a ReLU: √(2 / in)
    head.setInitializer(
        new XavierInitializer(RandomType.GAUSSIAN, FactorType.IN, 2), Parameter.Type.WEIGHT);
    head.initialize(manager, DataType.FLOAT32, new Shape(2, in));
    return head;
  }

  /** Encoder and projector: what the target network copies. */
  private static final class Network {
    private final EncoderBlock encoder;
    private final Block projector;

    Network(EncoderFile file, ByolSettings settings, NDManager manager) {
      encoder = new EncoderBlock(file, manager);
      projector = head(settings.width(), settings.hidden(), settings.projection(), manager);
    }

    /** z [N, d] of views [N, 3, S, S], batch norm by the statistics of this batch. */
    NDArray project(NDArray views, Step step) {
      Map<String, NDArray> values =
          encoder.run(step.store(), Map.of("images", views), List.of("latent"), true);
      NDArray latent = Objects.requireNonNull(values.get("latent")); // [N, T, D]
      NDArray embedding = latent.mean(new int[] {1}); // [N, D]
      return TransformerLayer.apply(projector, step.store(), embedding, true);
    }

    /** Trained arrays by name, in a stable order. */
    List<Weight> weights(String prefix) {
      List<Weight> weights = new ArrayList<>(Weight.of(prefix + "encoder", encoder));
      weights.addAll(Weight.of(prefix + "projector", projector));
      return weights;
    }
  }

  /** The method itself. */
  static final class Bootstrap implements Objective<List<float[]>> {
    private final ByolSettings settings;
    private final Network online;
    private final Block predictor;
    private final Network target;
    private final List<Weight> averaged;
    private final List<Weight> averages;

    /**
     * @param manager owns the weights
     */
    Bootstrap(ByolSettings settings, long seed, NDManager manager) {
      this.settings = settings;
      EncoderFile file = Export.untrained(settings.encoder(), "byol", seed);
      Engine.getInstance().setRandomSeed((int) seed);
      online = new Network(file, settings, manager);
      predictor = head(settings.projection(), settings.hidden(), settings.projection(), manager);
      target = new Network(file, settings, manager);
      averaged = online.weights("");
      averages = target.weights("target.");
      for (int i = 0; i < averages.size(); i++) {
        averages.get(i).array().setRequiresGradient(false);
        averaged.get(i).array().copyTo(averages.get(i).array()); // the target starts as a copy
      }
    }

    @Override
    public String name() {
      return "byol";
    }

    @Override
    public List<Weight> weights() {
      List<Weight> weights = new ArrayList<>(averaged);
      weights.addAll(Weight.of("predictor", predictor));
      return weights;
    }

    @Override
    public Map<String, NDArray> state() {
      Map<String, NDArray> state = new LinkedHashMap<>();
      averages.forEach(weight -> state.put(weight.name(), weight.array()));
      state.putAll(Weight.stateOf("projector", online.projector));
      state.putAll(Weight.stateOf("predictor", predictor));
      state.putAll(Weight.stateOf("target.projector", target.projector));
      return state;
    }

    @Override
    public Losses losses(List<List<float[]>> batch, Step step) {
      NDArray view1 = views(batch, 0, step.manager()); // [N, 3, S, S]
      NDArray view2 = views(batch, 1, step.manager());
      NDArray online1 = online.project(view1, step); // [N, d]
      NDArray online2 = online.project(view2, step);
      NDArray target1 = target.project(view1, step).stopGradient();
      NDArray target2 = target.project(view2, step).stopGradient();
      NDArray loss = // both directions (equation 2, symmetrised)
          regression(predict(online1, step), target2)
              .add(regression(predict(online2, step), target1));
      return new Losses(
          loss, Map.of("loss", loss, "spread", CollapseMonitor.spread(online1.stopGradient())));
    }

    private NDArray predict(NDArray projection, Step step) {
      return TransformerLayer.apply(predictor, step.store(), projection, true);
    }

    private NDArray views(List<List<float[]>> batch, int view, NDManager manager) {
      int size = settings.imageSize();
      NDArray[] images =
          batch.stream()
              .map(views -> manager.create(views.get(view), new Shape(3, size, size)))
              .toArray(NDArray[]::new);
      return NDArrays.stack(new ai.djl.ndarray.NDList(images));
    }

    /** target = τ·target + (1 - τ)·online; batch-norm statistics are not averaged. */
    @Override
    public void afterUpdate(Step step) {
      double tau = momentum(settings.momentum(), step.index(), step.steps());
      for (int i = 0; i < averages.size(); i++) {
        try (NDArray share = averaged.get(i).array().mul(1 - tau)) {
          averages.get(i).array().muli(tau).addi(share);
        }
      }
    }
  }
}
