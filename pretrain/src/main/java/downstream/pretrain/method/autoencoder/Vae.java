package downstream.pretrain.method.autoencoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.parallel.BatchShare;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.ScalarSchedule;
import downstream.eval.train.optimiser.Scalars;
import downstream.pretrain.model.MaskedImage.Planes;
import downstream.pretrain.monitor.LimitMonitor;
import downstream.pretrain.monitor.LimitMonitor.Limit;
import downstream.pretrain.run.PretrainingMethod;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.views.Photos;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The variational autoencoder (Kingma and Welling, "Auto-Encoding Variational Bayes", ICLR 2014,
 * arXiv 1312.6114): the code is drawn from a Gaussian that the encoder gives, which is kept close
 * to the standard one. No paper has a recipe for today's encoders.
 */
public final class Vae extends PretrainingMethod<VaeSettings> {
  public Vae() {
    super(
        "vae",
        "Variational autoencoder (Kingma and Welling 2014): reconstructs an image from a random"
            + " code",
        VaeSettings.class,
        VaeSettings.PRESETS);
  }

  @Override
  public TrainingStage<Planes, VaeModel> stages(VaeSettings settings, PretrainingRequest request) {
    return new TrainingStage<>(
        "vae",
        manager -> new VaeModel(settings, request.seed(), manager),
        new Ae.Crops(new Photos(request.images()), settings.autoencoder().view()),
        settings.training(),
        settings.budget());
  }

  /**
   * The Gaussians of a batch.
   *
   * @param mean μ [N, z]
   * @param logVariance log σ² [N, z]
   */
  record Gaussians(NDArray mean, NDArray logVariance) {
    /**
     * A code from each: μ + σ·ε.
     *
     * @param noise ε [N, z]
     */
    NDArray sample(NDArray noise) {
      return mean.add(Scalars.times(logVariance, .5).exp().mul(noise));
    }

    /** Divergence from the standard Gaussian, nats of each image: −½ Σ (1 + log σ² − μ² − σ²). */
    NDArray divergence() {
      NDArray each = logVariance.add(1).sub(mean.square()).sub(logVariance.exp()); // [N, z]
      return Scalars.times(each.sum(new int[] {1}), -.5); // [N]
    }

    /** The share of dimensions whose mean varies by more than 0.01 over the batch (Burda 2016). */
    static NDArray activeUnits(NDArray means) {
      NDArray centred = means.sub(means.mean(new int[] {0}, true));
      NDArray variance = centred.square().mean(new int[] {0}); // [z]
      return variance.gt(.01f).toType(means.getDataType(), false).mean();
    }
  }

  /** Encoder, Gaussian code and decoder. N images, z the values of a code. */
  static final class VaeModel extends PlainAutoencoder {
    private final VaeSettings settings;
    private final int width;
    private final ScalarSchedule beta;
    private final LimitMonitor divergence;
    private Optional<NDArray> means = Optional.empty(); // of the step

    /**
     * @param manager owns the weights
     */
    VaeModel(VaeSettings settings, long seed, NDManager manager) {
      super(
          "vae",
          new Network(settings.encoder(), settings.decoder()),
          2 * settings.autoencoder().code(),
          settings.autoencoder().code(),
          seed,
          manager);
      this.settings = settings;
      width = settings.autoencoder().code();
      beta = ScalarSchedule.linear(0, settings.beta(), settings.betaWarmup());
      divergence = new LimitMonitor("vae", limit(settings), settings.training().monitor(), manager);
    }

    /** A decoder that needs no code has a divergence of 0. */
    private static Limit limit(VaeSettings settings) {
      return new Limit(
          "divergence",
          settings.stopBelowDivergence(),
          "the posterior collapsed",
          "Lower beta or raise betaWarmup; setting stopBelowDivergence to 0 switches the limit"
              + " off");
    }

    /** Both terms are divided by the number of an image's values. */
    @Override
    public Losses losses(List<Planes> batch, Step step) {
      NDArray images = arrays(batch, step).singletonOrThrow(); // [N, 3, S, S]
      Gaussians gaussians = gaussians(images, step, true);
      NDArray codes = gaussians.sample(noise(batch.size(), step)); // [N, z]
      NDArray errors = decode(codes, step, true).sub(images).square().mean();
      NDArray reconstruction = Scalars.times(errors, .5 / settings.pixelVariance());
      NDArray nats = gaussians.divergence(); // [N]
      BatchShare share = BatchShare.current();
      divergence.record(share.gatherRows(nats.stopGradient()).mean());
      means = Optional.of(share.gatherRows(gaussians.mean().stopGradient()));
      NDArray prior = Scalars.over(nats.mean(), settings.values());
      double weight = beta.at(step.index(), step.steps());
      return new Losses(
          reconstruction.add(Scalars.times(prior, weight)),
          Map.of("reconstruction", reconstruction, "prior", prior));
    }

    /** ε [N, z], from the step's seed. */
    private NDArray noise(int images, Step step) {
      NDManager scope = step.manager();
      return BatchShare.current()
          .rows(images, scope, count -> scope.randomNormal(new Shape(count, width)));
    }

    private Gaussians gaussians(NDArray images, Step step, boolean training) {
      NDArray both = squeeze(images, step, training); // [N, 2z]
      return new Gaussians(both.get(":, :" + width), both.get(":, " + width + ":"));
    }

    /** Reconstructs from the mean of the code. */
    @Override
    NDArray reconstruct(NDArray images, Step step, boolean training) {
      return decode(gaussians(images, step, training).mean(), step, training);
    }

    @Override
    public Map<String, NDArray> state() {
      Map<String, NDArray> state = new LinkedHashMap<>(super.state());
      state.putAll(divergence.state());
      return state;
    }

    @Override
    public Map<String, NDArray> measure(Step step) {
      Map<String, NDArray> measured = new LinkedHashMap<>(divergence.measure());
      measured.put("active_units", Gaussians.activeUnits(means.orElseThrow()));
      return measured;
    }

    @Override
    public void check(int step, int steps, Map<String, Double> measured) {
      divergence.check(step, steps, measured);
    }
  }
}
