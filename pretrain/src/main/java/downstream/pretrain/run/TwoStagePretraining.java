package downstream.pretrain.run;

import downstream.eval.FileTree;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.pretraining.CostEstimate;
import downstream.eval.pretraining.Pretrainer;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.pretrain.mining.Mining;
import downstream.pretrain.mining.pairs.MiningResult;
import downstream.pretrain.model.OnnxProjector;
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
 * A method that mines: an encoder, trained by another method in the folder {@code stage1} or given;
 * pairs, mined with it in the folder {@code mining} or given; and a last stage that learns from
 * them. What is finished is not done again.
 *
 * @param first trains stage 1
 * @param firstSettings its settings
 * @param firstShare share of the budget that stage 1 has
 * @param mining how pairs are found
 * @param projected whether images are compared by what the projector beside the encoder makes of
 *     them
 * @param stage1 an encoder in place of stage 1
 * @param pairs a file in place of the mining
 * @param budget of all stages together
 * @param last makes the last stage
 */
public record TwoStagePretraining(
    Pretrainer first,
    Record firstSettings,
    double firstShare,
    MiningSettings mining,
    boolean projected,
    Optional<Path> stage1,
    Optional<Path> pairs,
    Budget budget,
    Last last) {
  private static final String STAGE_1 = "stage1";
  private static final String MINING = "mining";
  private static final int FEW = 16;

  /** Makes the last stage, once it is known what it works on. */
  public interface Last {
    TrainingStage<?, ?> of(
        Path stage1, MiningResult mined, PretrainingRequest pretraining, Budget left);
  }

  /** Does what is not done yet, and exports the last stage's encoder as the method's. */
  public void run(Pretrainer method, Record settings, PretrainingRequest pretraining)
      throws IOException {
    long began = System.nanoTime();
    Path file =
        stage1.orElse(pretraining.folder().resolve(STAGE_1).resolve(first.name() + ".onnx"));
    if (stage1.isEmpty()) {
      first.run(pretraining.within(pretraining.folder().resolve(STAGE_1), firstSettings));
    }
    MiningResult mined =
        pairs.isPresent()
            ? MiningResult.read(pairs.get(), pretraining.images())
            : mine(file, pretraining.folder().resolve(MINING), pretraining);
    List<Cost> costs = new ArrayList<>();
    costs.add(Cost.inherited(STAGE_1, EncoderFile.read(file)));
    costs.add(new Cost(MINING, 0, 0, Optional.of(mined.flops())));
    last.of(file, mined, pretraining, left(costs, (System.nanoTime() - began) * 1e-9))
        .train(
            pretraining,
            (model, cost, trained) -> {
              costs.add(cost);
              new Export(method, settings, pretraining)
                  .after(file)
                  .write(model.encoder(), costs, trained);
            });
  }

  /** What stage 1 and the mining leave of the budget. */
  private Budget left(List<Cost> costs, double seconds) {
    return switch (budget.unit()) {
      case EPOCHS, IMAGES -> budget.share(1 - firstShare);
      case FLOPS -> budget.less(costs.stream().mapToLong(cost -> cost.flops().orElse(0L)).sum());
      case MINUTES -> budget.less(seconds / 60);
    };
  }

  public MiningResult mine(Path encoder, Path folder, PretrainingRequest pretraining) {
    Optional<OnnxProjector> projector =
        projected ? OnnxProjector.beside(encoder) : Optional.empty();
    try {
      return Mining.mine(
          new Mining.Inputs(
              encoder,
              pretraining.images(),
              mining,
              projector.map(known -> known),
              Optional.empty(),
              pretraining.seed(),
              pretraining.threads(),
              pretraining.device()),
          folder);
    } finally {
      projector.ifPresent(OnnxProjector::close);
    }
  }

  /**
   * Stage 1 by a few updates, the mining by a few images, the last stage by a few updates on those;
   * in a folder that is deleted again.
   *
   * @param untrained stands for the encoder of stage 1
   */
  public List<CostEstimate> estimate(EncoderSettings untrained, PretrainingRequest pretraining)
      throws IOException {
    Path folder = Files.createTempDirectory("downstream-estimate");
    try {
      return estimate(untrained, pretraining, folder);
    } finally {
      FileTree.delete(folder);
    }
  }

  private List<CostEstimate> estimate(
      EncoderSettings untrained, PretrainingRequest pretraining, Path folder) throws IOException {
    List<CostEstimate> estimates = new ArrayList<>();
    if (stage1.isEmpty()) {
      estimates.addAll(first.estimate(pretraining.within(folder, firstSettings)));
    }
    Path file = stage1.orElse(folder.resolve("untrained.onnx"));
    if (stage1.isEmpty()) {
      untrained.untrained("untrained", pretraining.seed()).write(file);
    }
    ImageSet images = pretraining.images();
    int count = images.pictures().size();
    PretrainingRequest few =
        pretraining.on(images.sample(Math.min(1, (double) FEW / count), 0), folder);
    long start = System.nanoTime();
    MiningResult mined = mine(file, folder.resolve(MINING), few);
    double scale = (double) count / mined.size();
    if (pairs.isEmpty()) {
      estimates.add(
          new CostEstimate(
              MINING,
              0,
              count,
              Math.round(mined.flops() * scale),
              (System.nanoTime() - start) * 1e-9 * scale,
              OptionalLong.empty()));
    }
    List<Cost> costs =
        estimates.stream()
            .map(e -> new Cost(e.stage(), e.steps(), e.images(), Optional.of(e.flops())))
            .toList();
    double spent = estimates.stream().mapToDouble(CostEstimate::seconds).sum();
    estimates.add(last.of(file, mined, few, left(costs, spent)).repeated(count).estimate(few));
    return estimates;
  }
}
