package downstream.pretrain.method;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.EngineSeed;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.mining.embedding.OnnxProjector;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.JointEmbeddingModel;
import downstream.pretrain.model.LayerFlops;
import downstream.pretrain.model.MlpHead;
import downstream.pretrain.model.Similarity;
import downstream.pretrain.model.targets.ProjectedEncoder;
import downstream.pretrain.model.targets.TargetNetwork;
import downstream.pretrain.run.PretrainingMethod;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.views.ByolView;
import downstream.pretrain.views.OrlView;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.TwoViews;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * BYOL (Grill et al., "Bootstrap Your Own Latent", NeurIPS 2020, arXiv 2006.07733): the online
 * network predicts the projection that the target network, its moving average, makes of another
 * view of the same image.
 */
public final class Byol extends PretrainingMethod<ByolSettings> {
  public Byol() {
    super(
        "byol",
        "Bootstrap your own latent (Grill et al. 2020): predicts another view's projection",
        ByolSettings.class,
        ByolSettings.PRESETS);
  }

  @Override
  public TrainingStage<List<float[]>, ByolModel> stages(
      ByolSettings settings, PretrainingRequest request) {
    return new TrainingStage<>(
            "byol",
            manager -> new ByolModel(settings, request.seed(), manager),
            views(settings, new Photos(request.images())),
            settings.training(),
            settings.budget())
        .withExtraFile(
            (model, encoder) -> model.online.projector().writeByol(OnnxProjector.file(encoder)));
  }

  /** Views: crop, flip, colour jitter, blur, solarise, at different probabilities (appendix B). */
  static TwoViews views(ByolSettings settings, Photos photos) {
    int size = settings.encoder().imageSize();
    double area = settings.minCropArea();
    return switch (settings.augmentation()) {
      case BYOL -> new TwoViews(photos, ByolView.first(size, area), ByolView.second(size, area));
      case ORL -> new TwoViews(photos, OrlView.first(size, area), OrlView.second(size, area));
    };
  }

  /** Online network, predictor and target network. N images, d the width of a projection. */
  static final class ByolModel extends JointEmbeddingModel {
    private final ByolSettings settings;
    private final ProjectedEncoder online;
    private final MlpHead predictor;
    private final TargetNetwork target;

    /**
     * @param manager owns the weights
     */
    ByolModel(ByolSettings settings, long seed, NDManager manager) {
      super("byol", List.of("view 1", "view 2"), settings.training().monitor(), manager);
      this.settings = settings;
      EncoderFile start = settings.encoder().start("byol", seed);
      int hidden = settings.hiddenWidth();
      int width = settings.projectorOutputWidth();
      Engine.getInstance().setRandomSeed(EngineSeed.of(seed));
      online = new ProjectedEncoder(settings.encoder(), start, hidden, width, manager);
      predictor = MlpHead.byol(width, hidden, width, manager);
      target =
          new TargetNetwork(
              settings.targetMomentum(),
              online,
              new ProjectedEncoder(settings.encoder(), start, hidden, width, manager));
    }

    @Override
    public Losses losses(List<List<float[]>> batch, Step step) {
      NDList views = arrays(batch, step);
      NDArray view1 = views.get(0); // [N, 3, S, S]
      NDArray view2 = views.get(1);
      NDArray z1 = online.project(step.store(), view1); // [N, d]
      NDArray z2 = online.project(step.store(), view2);
      monitor(z1);
      NDArray target1 = target.project(view1, step); // [N, d], no gradient
      NDArray target2 = target.project(view2, step);
      NDArray loss = // both directions (equation 2, symmetrised)
          Similarity.byol(predictor.apply(step.store(), z1), target2)
              .add(Similarity.byol(predictor.apply(step.store(), z2), target1));
      return new Losses(loss, Map.of("loss", loss));
    }

    @Override
    public void afterUpdate(Step step) {
      target.update(step);
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
    protected Map<String, NDArray> networkState() {
      Map<String, NDArray> state = target.state();
      state.putAll(predictor.state("predictor"));
      return state;
    }

    /** Both views through the online network, and through the target without gradients. */
    @Override
    public long flops() {
      long projection = online.flops(settings.encoder().imageSize());
      return 2 * (LayerFlops.TRAINED * (projection + predictor.flops()) + projection);
    }
  }
}
