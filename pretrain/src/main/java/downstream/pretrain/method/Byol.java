package downstream.pretrain.method;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.pretraining.CostEstimate;
import downstream.eval.pretraining.Pretrainer;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.model.Batches;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.LayerFlops;
import downstream.pretrain.model.MlpHead;
import downstream.pretrain.model.OnnxProjector;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.model.ProjectedEncoder;
import downstream.pretrain.model.Reconstructions;
import downstream.pretrain.model.Similarity;
import downstream.pretrain.model.TargetNetwork;
import downstream.pretrain.model.TwoViews;
import downstream.pretrain.monitor.CollapseMonitor;
import downstream.pretrain.monitor.Visualisation;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.views.Photos;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * BYOL (Grill et al., "Bootstrap Your Own Latent", NeurIPS 2020, arXiv 2006.07733): the online
 * network predicts how a slowly moving average of itself projects another view of the same image.
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
  public Map<String, Record> presets() {
    return ByolSettings.PRESETS;
  }

  @Override
  public List<CostEstimate> estimate(PretrainingRequest pretraining) throws IOException {
    return List.of(stage(pretraining).estimate(pretraining));
  }

  @Override
  public void run(PretrainingRequest pretraining) throws IOException {
    stage(pretraining)
        .run(
            this,
            pretraining.resolve(ByolSettings.class),
            pretraining,
            (model, encoder) -> model.online.projector().writeByol(OnnxProjector.file(encoder)));
  }

  public static TrainingStage<List<float[]>, Bootstrap> stage(PretrainingRequest pretraining) {
    ByolSettings settings = pretraining.resolve(ByolSettings.class);
    return new TrainingStage<>(
        "byol",
        manager -> new Bootstrap(settings, pretraining.seed(), manager),
        settings.examples(new Photos(pretraining.images())),
        settings.training(),
        settings.budget());
  }

  /** The method itself. N images, d the width of a projection. */
  static final class Bootstrap implements PretrainingModel<List<float[]>> {
    private final ByolSettings settings;
    private final ProjectedEncoder online;
    private final MlpHead predictor;
    private final TargetNetwork target;
    private final CollapseMonitor monitor;

    /**
     * @param manager owns the weights
     */
    Bootstrap(ByolSettings settings, long seed, NDManager manager) {
      this.settings = settings;
      EncoderFile file = settings.encoder().untrained("byol", seed);
      int hidden = settings.hiddenWidth();
      Engine.getInstance().setRandomSeed((int) seed);
      online =
          new ProjectedEncoder(
              settings.encoder(), file, hidden, settings.projectionWidth(), manager);
      predictor =
          MlpHead.byol(settings.projectionWidth(), hidden, settings.projectionWidth(), manager);
      target =
          new TargetNetwork(
              settings.targetMomentum(),
              online,
              new ProjectedEncoder(
                  settings.encoder(), file, hidden, settings.projectionWidth(), manager));
      monitor = new CollapseMonitor("byol", "projections", settings.training().monitor(), manager);
    }

    @Override
    public String name() {
      return "byol";
    }

    @Override
    public Encoder encoder() {
      return online.encoder();
    }

    @Override
    public List<Weight> weights() {
      List<Weight> weights = new ArrayList<>(online.weights(""));
      weights.addAll(predictor.weights("predictor"));
      return weights;
    }

    @Override
    public Map<String, NDArray> state() {
      Map<String, NDArray> state = target.state();
      state.putAll(predictor.state("predictor"));
      state.putAll(monitor.state());
      return state;
    }

    /** Both views through the online network, and through the target without gradients. */
    @Override
    public long flops() {
      long branch = online.flops(settings.encoder().imageSize());
      return 2 * (LayerFlops.TRAINED * (branch + predictor.flops()) + branch);
    }

    @Override
    public Map<String, Visualisation> drawings(Examples<List<float[]>> examples) {
      List<List<float[]>> shown = PretrainingModel.shown(examples, Reconstructions.COUNT);
      return Map.of("views", step -> TwoViews.sheet(shown, List.of("view 1", "view 2")));
    }

    @Override
    public Map<String, Double> observe(Step step) {
      return monitor.observe(step);
    }

    @Override
    public Losses losses(List<List<float[]>> batch, Step step) {
      int size = settings.encoder().imageSize();
      NDArray view1 = // [N, 3, S, S]
          Batches.images(batch.stream().map(views -> views.get(0)).toList(), size, step.manager());
      NDArray view2 =
          Batches.images(batch.stream().map(views -> views.get(1)).toList(), size, step.manager());
      NDArray online1 = online.project(step.store(), view1); // [N, d]
      NDArray online2 = online.project(step.store(), view2);
      monitor.see(online1);
      NDArray target1 = target.project(view1, step);
      NDArray target2 = target.project(view2, step);
      NDArray loss = // both directions (equation 2, symmetrised)
          Similarity.byol(predictor.apply(step.store(), online1), target2)
              .add(Similarity.byol(predictor.apply(step.store(), online2), target1));
      return new Losses(loss, Map.of("loss", loss));
    }

    @Override
    public void afterUpdate(Step step) {
      target.update(step);
    }
  }
}
