package downstream.pretrain.run;

import downstream.eval.FileTree;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.pretraining.CostEstimate;
import downstream.eval.pretraining.Pretrainer;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.pretrain.mining.Mining;
import downstream.pretrain.mining.embedding.OnnxProjector;
import downstream.pretrain.mining.pairs.MinedPairs;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.MiningSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The stages of a method that mines: an encoder, trained by another method in the folder {@code
 * stage1} or given; pairs, mined with it in the folder {@code mining} or given; and a final stage
 * that learns from them. What is finished is not done again.
 *
 * @param budget of all stages together
 * @param finalStage makes the last training
 */
public record TwoStagePretraining(
    Stage1 stage1, MiningStage mining, Budget budget, FinalStage finalStage)
    implements TrainingStages {
  private static final String STAGE_1 = "stage1";
  private static final String MINING = "mining";
  private static final int FEW = 16;

  /**
   * Stage 1: the encoder that mines.
   *
   * @param method trains it
   * @param settings of that method
   * @param architecture of the encoder, for an estimate
   * @param budgetFraction fraction of the budget that this stage has
   * @param encoder a file in place of the training
   */
  public record Stage1(
      Pretrainer method,
      Record settings,
      EncoderSettings architecture,
      double budgetFraction,
      Optional<String> encoder) {
    private Path file(Path folder) {
      return encoder.map(Path::of).orElse(folder.resolve(STAGE_1).resolve(method.name() + ".onnx"));
    }
  }

  /**
   * The mining: the pairs that the final stage learns from.
   *
   * @param projected whether images are compared by what the projector beside the encoder makes of
   *     their embeddings
   * @param pairs a file in place of the mining
   */
  public record MiningStage(MiningSettings settings, boolean projected, Optional<String> pairs) {}

  /** Makes the final stage, once its encoder and its pairs are known. */
  public interface FinalStage {
    TrainingStage<?, ?> of(
        Path encoder, MinedPairs mined, PretrainingRequest request, Budget remaining);
  }

  @Override
  public void run(Pretrainer method, Record settings, PretrainingRequest request)
      throws IOException {
    long began = System.nanoTime();
    Path encoder = stage1.file(request.folder());
    if (stage1.encoder().isEmpty()) {
      stage1.method().run(request.within(request.folder().resolve(STAGE_1), stage1.settings()));
    }
    MinedPairs mined =
        mining.pairs().isPresent()
            ? MinedPairs.read(Path.of(mining.pairs().get()), request.images())
            : mine(encoder, request.folder().resolve(MINING), request);
    List<StageCost> costs = new ArrayList<>();
    costs.add(StageCost.inherited(STAGE_1, EncoderFile.read(encoder)));
    costs.add(new StageCost(MINING, 0, 0, Optional.of(mined.flops())));
    finalStage
        .of(encoder, mined, request, remaining(costs, (System.nanoTime() - began) * 1e-9))
        .train(
            request,
            (model, cost, trained) -> {
              costs.add(cost);
              new Export(method, settings, request)
                  .continuing(encoder)
                  .write(model.encoder(), costs, trained);
            });
  }

  /** The budget that stage 1 and the mining leave. */
  private Budget remaining(List<StageCost> costs, double seconds) {
    return switch (budget.unit()) {
      case EPOCHS, IMAGES -> budget.fraction(1 - stage1.budgetFraction());
      case FLOPS -> budget.minus(costs.stream().mapToLong(cost -> cost.flops().orElse(0L)).sum());
      case MINUTES -> budget.minus(seconds / 60);
    };
  }

  /** Mines into a folder, or reads what is stored there. */
  public MinedPairs mine(Path encoder, Path folder, PretrainingRequest request) {
    Optional<OnnxProjector> projector =
        mining.projected() ? OnnxProjector.beside(encoder) : Optional.empty();
    try {
      return Mining.mine(
          new Mining.Inputs(
              encoder,
              request.images(),
              mining.settings(),
              projector.map(known -> known),
              Optional.empty(),
              request.seed(),
              request.threads(),
              request.device()),
          folder);
    } finally {
      projector.ifPresent(OnnxProjector::close);
    }
  }

  /**
   * Measures stage 1 by a few updates, the mining by a few images, the final stage by a few updates
   * on those; in a folder that is deleted again.
   */
  @Override
  public List<CostEstimate> estimate(PretrainingRequest request) throws IOException {
    Path folder = Files.createTempDirectory("downstream-estimate");
    try {
      return estimate(request, folder);
    } finally {
      FileTree.delete(folder);
    }
  }

  private List<CostEstimate> estimate(PretrainingRequest request, Path folder) throws IOException {
    List<CostEstimate> estimates = new ArrayList<>();
    Path encoder = stage1.encoder().map(Path::of).orElse(folder.resolve("random.onnx"));
    if (stage1.encoder().isEmpty()) {
      estimates.addAll(stage1.method().estimate(request.within(folder, stage1.settings())));
      stage1.architecture().start("random", request.seed()).write(encoder);
    }
    ImageSet images = request.images();
    int count = images.images().size();
    PretrainingRequest few =
        request.on(images.sample(Math.min(1, (double) FEW / count), 0), folder);
    long start = System.nanoTime();
    MinedPairs mined = mine(encoder, folder.resolve(MINING), few);
    double scale = (double) count / mined.size();
    if (mining.pairs().isEmpty()) {
      double seconds = (System.nanoTime() - start) * 1e-9 * scale;
      long flops = Math.round(mined.flops() * scale);
      estimates.add(new CostEstimate(MINING, 0, count, flops, seconds, OptionalLong.empty()));
    }
    List<StageCost> costs =
        estimates.stream()
            .map(e -> new StageCost(e.stage(), e.steps(), e.images(), Optional.of(e.flops())))
            .toList();
    double spent = estimates.stream().mapToDouble(CostEstimate::seconds).sum();
    TrainingStage<?, ?> last = finalStage.of(encoder, mined, few, remaining(costs, spent));
    estimates.addAll(last.repeated(count).estimate(few));
    return estimates;
  }
}
