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
import downstream.eval.train.optimiser.Scalars;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.JointEmbeddingModel;
import downstream.pretrain.model.LayerFlops;
import downstream.pretrain.model.MlpHead;
import downstream.pretrain.model.Similarity;
import downstream.pretrain.model.targets.ProjectedEncoder;
import downstream.pretrain.model.targets.TargetNetwork;
import downstream.pretrain.run.PretrainingMethod;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.run.TwoStagePretraining;
import downstream.pretrain.run.TwoStagePretraining.MiningStage;
import downstream.pretrain.run.TwoStagePretraining.Stage1;
import downstream.pretrain.views.Photos;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * ORL (Xie et al., "Unsupervised Object-Level Representation Learning from Scene Images", NeurIPS
 * 2021, arXiv 2106.11952): an image-level BYOL (stage 1) finds images and regions that are alike
 * (stage 2), and a new network learns from views of an image, of a region, and of paired regions
 * (stage 3). The views are {@link OrlViews}.
 */
public final class Orl extends PretrainingMethod<OrlSettings> {
  public Orl() {
    super(
        "orl",
        "Object-level representation learning (ORL, Xie et al. 2021): BYOL on mined regions",
        OrlSettings.class,
        OrlSettings.PRESETS);
  }

  @Override
  public TwoStagePretraining stages(OrlSettings settings, PretrainingRequest request) {
    return new TwoStagePretraining(
        new Stage1(
            new Byol(),
            settings.stage1Settings(),
            settings.encoder(),
            settings.stage1BudgetFraction(),
            settings.stage1Encoder()),
        new MiningStage(settings.mining(), true, settings.pairsFile()),
        settings.budget(),
        (stage1, mined, now, remaining) ->
            new TrainingStage<>(
                "orl",
                manager -> new OrlModel(settings, now.seed(), manager),
                new OrlViews(new Photos(now.images()), mined, settings),
                settings.training(),
                remaining));
  }

  /**
   * Stage 3: BYOL's networks with a predictor for each kind of positive pair. N images, six views
   * of each: two of the image, two of a region, two of paired regions; d the width of a projection.
   */
  static final class OrlModel extends JointEmbeddingModel {
    private static final int GLOBAL = 0;
    private static final int INTRA = 1;
    private static final int INTER = 2;
    private static final int KINDS = 3;

    private final OrlSettings settings;
    private final ProjectedEncoder online;
    private final List<MlpHead> predictors = new ArrayList<>();
    private final TargetNetwork target;

    /**
     * @param manager owns the weights
     */
    OrlModel(OrlSettings settings, long seed, NDManager manager) {
      super(
          "orl",
          List.of("image", "image", "region", "jittered", "pair", "partner"),
          settings.training().monitor(),
          manager);
      this.settings = settings;
      EncoderFile start = settings.encoder().start("orl", seed); // not from stage 1, as the paper
      int hidden = settings.hiddenWidth();
      int width = settings.projectorOutputWidth();
      Engine.getInstance().setRandomSeed(EngineSeed.of(seed));
      online = new ProjectedEncoder(settings.encoder(), start, hidden, width, manager);
      for (int kind = 0; kind < KINDS; kind++) {
        predictors.add(MlpHead.byol(width, hidden, width, manager));
      }
      target =
          new TargetNetwork(
              settings.targetMomentum(),
              online,
              new ProjectedEncoder(settings.encoder(), start, hidden, width, manager));
    }

    @Override
    protected int viewSize(int view) {
      return view / 2 == GLOBAL ? settings.encoder().imageSize() : settings.regionViewSize();
    }

    @Override
    public Losses losses(List<List<float[]>> batch, Step step) {
      NDList views = arrays(batch, step);
      NDArray global = loss(views, GLOBAL, step);
      NDArray intra = loss(views, INTRA, step);
      NDArray inter = loss(views, INTER, step);
      Map<String, NDArray> terms = new LinkedHashMap<>();
      terms.put("global", global);
      terms.put("intra", intra);
      terms.put("inter", inter);
      NDArray total =
          Scalars.times(global, settings.globalWeight())
              .add(Scalars.times(intra, settings.intraWeight()))
              .add(Scalars.times(inter, settings.interWeight()));
      return new Losses(total, terms);
    }

    /** BYOL's symmetrised loss of the two views of a kind, by that kind's predictor. */
    private NDArray loss(NDList views, int kind, Step step) {
      NDArray view1 = views.get(2 * kind); // [N, 3, S, S]
      NDArray view2 = views.get(2 * kind + 1);
      MlpHead predictor = predictors.get(kind);
      NDArray z1 = online.project(step.store(), view1); // [N, d]
      if (kind == GLOBAL) {
        monitor(z1);
      }
      NDArray q1 = predictor.apply(step.store(), z1); // [N, d]
      NDArray q2 = predictor.apply(step.store(), online.project(step.store(), view2));
      return Similarity.byol(q1, target.project(view2, step))
          .add(Similarity.byol(q2, target.project(view1, step)));
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
      for (int kind = 0; kind < KINDS; kind++) {
        weights.addAll(predictors.get(kind).weights("predictor" + kind));
      }
      return weights;
    }

    @Override
    protected Map<String, NDArray> networkState() {
      Map<String, NDArray> state = target.state();
      for (int kind = 0; kind < KINDS; kind++) {
        state.putAll(predictors.get(kind).state("predictor" + kind));
      }
      return state;
    }

    /** All six views through both networks. */
    @Override
    public long flops() {
      long image = online.flops(settings.encoder().imageSize());
      long region = online.flops(settings.regionViewSize());
      long all = 2 * image + 4 * region;
      return LayerFlops.TRAINED * (all + 2 * KINDS * predictors.get(GLOBAL).flops()) + all;
    }
  }
}
