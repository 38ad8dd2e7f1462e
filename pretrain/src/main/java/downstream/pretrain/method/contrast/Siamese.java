package downstream.pretrain.method.contrast;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import com.fasterxml.jackson.annotation.JsonProperty;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.parallel.BatchShare;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.EngineSeed;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Scalars;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.JointEmbeddingModel;
import downstream.pretrain.model.LayerFlops;
import downstream.pretrain.model.Similarity;
import downstream.pretrain.model.targets.ProjectedEncoder;
import downstream.pretrain.run.PretrainingMethod;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.SimSiamView;
import downstream.pretrain.views.TwoViews;
import downstream.pretrain.views.View;
import java.util.List;
import java.util.Map;

/**
 * The siamese network (Bromley et al., "Signature Verification using a Siamese Time Delay Neural
 * Network", NeurIPS 1993), by default with the loss of Hadsell, Chopra and LeCun ("Dimensionality
 * Reduction by Learning an Invariant Mapping", CVPR 2006): one network sees both sides of a pair,
 * and gradients flow through both. Two views of an image are a similar pair, views of two images a
 * dissimilar one. Dissimilar pairs alone keep it from a collapse.
 */
public final class Siamese extends PretrainingMethod<SiameseSettings> {
  public Siamese() {
    super(
        "siamese",
        "Siamese network (Bromley et al. 1993; Hadsell et al. 2006): pairs pull and push",
        SiameseSettings.class,
        SiameseSettings.PRESETS);
  }

  @Override
  public TrainingStage<List<float[]>, SiameseModel> stages(
      SiameseSettings settings, PretrainingRequest request) {
    View view = new SimSiamView(settings.encoder().imageSize(), settings.minCropArea());
    return new TrainingStage<>(
        "siamese",
        manager -> new SiameseModel(settings, request.seed(), manager),
        new TwoViews(new Photos(request.images()), view, view),
        settings.training(),
        settings.budget());
  }

  /** The network that both sides share. N images, d the width of a projection. */
  static final class SiameseModel extends JointEmbeddingModel {
    private final SiameseSettings settings;
    private final ProjectedEncoder network;

    /**
     * @param manager owns the weights
     */
    SiameseModel(SiameseSettings settings, long seed, NDManager manager) {
      super("siamese", List.of("view 1", "view 2"), settings.training().monitor(), manager);
      this.settings = settings;
      EncoderFile start = settings.encoder().start("siamese", seed);
      Engine.getInstance().setRandomSeed(EngineSeed.of(seed));
      network =
          new ProjectedEncoder(
              settings.encoder(),
              start,
              settings.hiddenWidth(),
              settings.projectorOutputWidth(),
              manager);
    }

    @Override
    public Losses losses(List<List<float[]>> batch, Step step) {
      NDList views = arrays(batch, step); // [N, 3, S, S] each
      NDArray z1 = network.project(step.store(), views.get(0)); // [N, d]
      NDArray z2 = network.project(step.store(), views.get(1));
      monitor(z1);
      BatchShare share = BatchShare.current(); // pairs are made across the whole batch
      return losses(share.gatherRows(z1), share.gatherRows(z2), settings);
    }

    /**
     * The mean over all pairs. Images come in random order, so the next ones of the batch make
     * random dissimilar pairs.
     */
    static Losses losses(NDArray z1, NDArray z2, SiameseSettings settings) {
      PairLoss loss = settings.loss();
      NDArray similar = loss.similar(z1, z2).mean();
      NDArray total = similar;
      NDArray dissimilar = similar.zerosLike();
      for (int next = 1; next <= settings.negativesPerPositive(); next++) {
        NDArray other = z2.get(next + ":").concat(z2.get(":" + next), 0); // [N, d]
        NDArray one = loss.dissimilar(z1, other, settings.margin()).mean();
        total = total.add(one);
        dissimilar = dissimilar.add(one);
      }
      int kinds = 1 + settings.negativesPerPositive();
      return new Losses(
          Scalars.over(total, kinds), Map.of("similar", similar, "dissimilar", dissimilar));
    }

    @Override
    public Encoder encoder() {
      return network.encoder();
    }

    @Override
    public List<Weight> weights() {
      return network.weights("");
    }

    @Override
    protected Map<String, NDArray> networkState() {
      return network.state("");
    }

    @Override
    public long flops() {
      return 2 * LayerFlops.TRAINED * network.flops(settings.encoder().imageSize());
    }
  }

  /** Losses of pairs of projections, [N, d] each, as [N]. */
  enum PairLoss {
    /**
     * Loss of the distance D of projections of length 1: ½D² of a similar pair, ½·max(0, m − D)² of
     * a dissimilar one (Hadsell et al. 2006, equation 4).
     */
    @JsonProperty("margin")
    MARGIN {
      @Override
      NDArray similar(NDArray a, NDArray b) {
        NDArray distance = distances(Similarity.normalised(a), Similarity.normalised(b));
        return similarAt(distance);
      }

      @Override
      NDArray dissimilar(NDArray a, NDArray b, double margin) {
        NDArray distance = distances(Similarity.normalised(a), Similarity.normalised(b));
        return dissimilarAt(distance, margin);
      }
    },
    /** Squared error of the cosine, which is to be 1 or −1 (Bromley et al. 1993). */
    @JsonProperty("cosine")
    COSINE {
      @Override
      NDArray similar(NDArray a, NDArray b) {
        return cosines(a, b).add(-1).square();
      }

      @Override
      NDArray dissimilar(NDArray a, NDArray b, double margin) {
        return cosines(a, b).add(1).square();
      }
    };

    private static final double EPSILON = 1e-12;

    abstract NDArray similar(NDArray a, NDArray b);

    abstract NDArray dissimilar(NDArray a, NDArray b, double margin);

    /** Distances of rows; ε keeps the gradient finite where they are equal. */
    static NDArray distances(NDArray a, NDArray b) {
      return a.sub(b).square().sum(new int[] {1}).add(EPSILON).sqrt();
    }

    static NDArray similarAt(NDArray distance) {
      return Scalars.times(distance.square(), .5);
    }

    static NDArray dissimilarAt(NDArray distance, double margin) {
      return Scalars.times(Activation.relu(distance.neg().add(margin)).square(), .5);
    }

    private static NDArray cosines(NDArray a, NDArray b) {
      return Similarity.normalised(a).mul(Similarity.normalised(b)).sum(new int[] {1});
    }
  }
}
