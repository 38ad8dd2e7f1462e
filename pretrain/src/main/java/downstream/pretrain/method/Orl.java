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
import downstream.eval.train.optimiser.Scalars;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.model.Batches;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.LayerFlops;
import downstream.pretrain.model.MlpHead;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.model.ProjectedEncoder;
import downstream.pretrain.model.Reconstructions;
import downstream.pretrain.model.Similarity;
import downstream.pretrain.model.TargetNetwork;
import downstream.pretrain.model.TwoViews;
import downstream.pretrain.monitor.CollapseMonitor;
import downstream.pretrain.monitor.Visualisation;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.run.TwoStagePretraining;
import downstream.pretrain.views.Photos;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * ORL (Xie et al., "Unsupervised Object-Level Representation Learning from Scene Images", NeurIPS
 * 2021, arXiv 2106.11952): an image-level BYOL (stage 1) finds images and regions that are alike
 * (stage 2), and a new network learns from views of an image, of a region, and of paired regions
 * (stage 3).
 */
public final class Orl implements Pretrainer {
  @Override
  public String name() {
    return "orl";
  }

  @Override
  public String summary() {
    return "Object-level representation learning (ORL, Xie et al. 2021): BYOL on mined regions";
  }

  @Override
  public Map<String, Record> presets() {
    return OrlSettings.PRESETS;
  }

  @Override
  public List<CostEstimate> estimate(PretrainingRequest pretraining) throws IOException {
    OrlSettings settings = pretraining.resolve(OrlSettings.class);
    return stages(settings).estimate(settings.encoder(), pretraining);
  }

  @Override
  public void run(PretrainingRequest pretraining) throws IOException {
    OrlSettings settings = pretraining.resolve(OrlSettings.class);
    stages(settings).run(this, settings, pretraining);
  }

  public static TwoStagePretraining stages(OrlSettings settings) {
    return new TwoStagePretraining(
        new Byol(),
        settings.stage1Settings(),
        settings.stage1BudgetFraction(),
        settings.mining(),
        true,
        settings.stage1Encoder().map(Path::of),
        settings.pairsFile().map(Path::of),
        settings.budget(),
        (stage1, mined, pretraining, left) ->
            new TrainingStage<>(
                "orl",
                manager -> new Objects(settings, pretraining.seed(), manager),
                new OrlViews(new Photos(pretraining.images()), mined, settings),
                settings.training(),
                left));
  }

  /** Stage 3. N images; six views of each: two of the image, two of a region, two of a pair. */
  static final class Objects implements PretrainingModel<List<float[]>> {
    private static final List<String> CAPTIONS =
        List.of("image", "image", "region", "jittered", "pair", "partner");

    private final OrlSettings settings;
    private final ProjectedEncoder online;
    private final List<MlpHead> predictors = new ArrayList<>();
    private final TargetNetwork target;
    private final CollapseMonitor monitor;

    /**
     * @param manager owns the weights
     */
    Objects(OrlSettings settings, long seed, NDManager manager) {
      this.settings = settings;
      EncoderFile file = settings.encoder().untrained("orl", seed); // from scratch, as the authors
      int hidden = settings.hiddenWidth();
      int projection = settings.projectionWidth();
      Engine.getInstance().setRandomSeed((int) seed);
      online = new ProjectedEncoder(settings.encoder(), file, hidden, projection, manager);
      for (int kind = 0; kind < 3; kind++) {
        predictors.add(MlpHead.byol(projection, hidden, projection, manager));
      }
      target =
          new TargetNetwork(
              settings.targetMomentum(),
              online,
              new ProjectedEncoder(settings.encoder(), file, hidden, projection, manager));
      monitor = new CollapseMonitor("orl", "projections", settings.training().monitor(), manager);
    }

    @Override
    public String name() {
      return "orl";
    }

    @Override
    public Encoder encoder() {
      return online.encoder();
    }

    @Override
    public List<Weight> weights() {
      List<Weight> weights = new ArrayList<>(online.weights(""));
      for (int kind = 0; kind < 3; kind++) {
        weights.addAll(predictors.get(kind).weights("predictor" + kind));
      }
      return weights;
    }

    @Override
    public Map<String, NDArray> state() {
      Map<String, NDArray> state = target.state();
      for (int kind = 0; kind < 3; kind++) {
        state.putAll(predictors.get(kind).state("predictor" + kind));
      }
      state.putAll(monitor.state());
      return state;
    }

    /** All six views through both networks. */
    @Override
    public long flops() {
      long image = online.flops(settings.encoder().imageSize());
      long patch = online.flops(settings.regionViewSize());
      long all = 2 * image + 4 * patch;
      return LayerFlops.TRAINED * (all + 6 * predictors.get(0).flops()) + all;
    }

    @Override
    public Map<String, Visualisation> drawings(Examples<List<float[]>> examples) {
      List<List<float[]>> shown = PretrainingModel.shown(examples, Reconstructions.COUNT);
      return Map.of("views", step -> TwoViews.sheet(shown, CAPTIONS));
    }

    @Override
    public Map<String, Double> observe(Step step) {
      return monitor.observe(step);
    }

    @Override
    public Losses losses(List<List<float[]>> batch, Step step) {
      NDArray global = pair(batch, 0, settings.encoder().imageSize(), step);
      NDArray intra = pair(batch, 1, settings.regionViewSize(), step);
      NDArray inter = pair(batch, 2, settings.regionViewSize(), step);
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
    private NDArray pair(List<List<float[]>> batch, int kind, int size, Step step) {
      NDArray view1 = views(batch, 2 * kind, size, step);
      NDArray view2 = views(batch, 2 * kind + 1, size, step);
      MlpHead predictor = predictors.get(kind);
      NDArray online1 = online.project(step.store(), view1); // [N, d]
      if (kind == 0) {
        monitor.see(online1);
      }
      NDArray q1 = predictor.apply(step.store(), online1);
      NDArray q2 = predictor.apply(step.store(), online.project(step.store(), view2));
      return Similarity.byol(q1, target.project(view2, step))
          .add(Similarity.byol(q2, target.project(view1, step)));
    }

    private static NDArray views(List<List<float[]>> batch, int view, int size, Step step) {
      return Batches.images(
          batch.stream().map(views -> views.get(view)).toList(), size, step.manager());
    }

    @Override
    public void afterUpdate(Step step) {
      target.update(step);
    }
  }
}
