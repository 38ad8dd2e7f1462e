package downstream.pretrain;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.run.Estimate;
import downstream.eval.run.Pretrainer;
import downstream.eval.run.Pretraining;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Scalars;
import downstream.eval.train.Step;
import downstream.eval.train.Weight;
import downstream.pretrain.views.Photos;
import downstream.pretrain.watch.CollapseMonitor;
import downstream.pretrain.watch.Drawing;
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
  public List<Estimate> estimate(Pretraining pretraining) throws IOException {
    OrlSettings settings = pretraining.resolve(OrlSettings.class);
    return stages(settings).estimate(settings.encoder(), pretraining);
  }

  @Override
  public void run(Pretraining pretraining) throws IOException {
    OrlSettings settings = pretraining.resolve(OrlSettings.class);
    stages(settings).run(this, settings, pretraining);
  }

  static Stages stages(OrlSettings settings) {
    return new Stages(
        new Byol(),
        settings.stage1Settings(),
        settings.stage1Share(),
        settings.mining(),
        true,
        settings.stage1().map(Path::of),
        settings.pairs().map(Path::of),
        settings.budget(),
        (stage1, mined, pretraining, left) ->
            new Stage<>(
                "orl",
                manager -> new Objects(settings, pretraining.seed(), manager),
                new OrlViews(new Photos(pretraining.images()), mined, settings),
                settings.training(),
                left));
  }

  /** Stage 3. N images; six views of each: two of the image, two of a region, two of a pair. */
  static final class Objects implements Learner<List<float[]>> {
    private static final List<String> CAPTIONS =
        List.of("image", "image", "region", "jittered", "pair", "partner");

    private final OrlSettings settings;
    private final Branch online;
    private final List<Head> predictors = new ArrayList<>();
    private final MovingAverage target;
    private final CollapseMonitor monitor;

    /**
     * @param manager owns the weights
     */
    Objects(OrlSettings settings, long seed, NDManager manager) {
      this.settings = settings;
      EncoderFile file = settings.encoder().untrained("orl", seed); // from scratch, as the authors
      int hidden = settings.hidden();
      int projection = settings.projection();
      Engine.getInstance().setRandomSeed((int) seed);
      online = new Branch(settings.encoder(), file, hidden, projection, manager);
      for (int kind = 0; kind < 3; kind++) {
        predictors.add(Head.byol(projection, hidden, projection, manager));
      }
      target =
          new MovingAverage(
              settings.momentum(),
              online,
              new Branch(settings.encoder(), file, hidden, projection, manager));
      monitor = new CollapseMonitor("orl", "projections", settings.training().watch(), manager);
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
      long patch = online.flops(settings.patchSize());
      long all = 2 * image + 4 * patch;
      return Flops.TRAINED * (all + 6 * predictors.get(0).flops()) + all;
    }

    @Override
    public Map<String, Drawing> drawings(Examples<List<float[]>> examples) {
      List<List<float[]>> shown = Learner.shown(examples, Reconstructions.COUNT);
      return Map.of("views", step -> TwoViews.sheet(shown, CAPTIONS));
    }

    @Override
    public Map<String, Double> observe(Step step) {
      return monitor.observe(step);
    }

    @Override
    public Losses losses(List<List<float[]>> batch, Step step) {
      NDArray global = pair(batch, 0, settings.encoder().imageSize(), step);
      NDArray intra = pair(batch, 1, settings.patchSize(), step);
      NDArray inter = pair(batch, 2, settings.patchSize(), step);
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
      Head predictor = predictors.get(kind);
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
