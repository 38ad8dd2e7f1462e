package downstream.pretrain.method.ioca;

import ai.djl.ndarray.NDManager;
import downstream.eval.BadInput;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.pretrain.method.Mae;
import downstream.pretrain.model.DecoderFile;
import downstream.pretrain.run.PretrainingMethod;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.run.TwoStagePretraining;
import downstream.pretrain.run.TwoStagePretraining.MiningStage;
import downstream.pretrain.run.TwoStagePretraining.Stage1;
import downstream.pretrain.views.Photos;
import java.nio.file.Path;

/**
 * IOCA, image-object co-assistance: a masked autoencoder (stage 1) finds images and regions that
 * are alike, and continues to learn (stage 2) from whole images and from regions together. Regions
 * are reconstructed under a patch-incomplete mask, which never hides all of a small object, and
 * drawn towards their partners as SimSiam does. Model and loss are {@link IocaModel}, the views
 * {@link IocaExamples}.
 */
public final class Ioca extends PretrainingMethod<IocaSettings> {
  public Ioca() {
    super(
        "ioca",
        "Image-object co-assistance: MAE, mined regions, patch-incomplete masks and SimSiam",
        IocaSettings.class,
        IocaSettings.PRESETS);
  }

  @Override
  public TwoStagePretraining stages(IocaSettings settings, PretrainingRequest request) {
    settings.stage1Encoder().ifPresent(file -> check(settings, Path.of(file)));
    return new TwoStagePretraining(
        new Stage1(
            new Mae(),
            settings.stage1Settings(),
            settings.encoder(),
            settings.stage1BudgetFraction(),
            settings.stage1Encoder()),
        new MiningStage(settings.mining(), false, settings.pairsFile()),
        settings.budget(),
        (stage1, mined, now, remaining) ->
            new TrainingStage<>(
                "ioca",
                manager -> model(settings, stage1, now.seed(), manager),
                new IocaExamples(new Photos(now.images()), mined, settings),
                settings.stage2().training(settings.training()),
                remaining));
  }

  /** Checks that stage 2 can go on with a given encoder, and with the decoder beside it. */
  private static void check(IocaSettings settings, Path stage1) {
    if (settings.initFrom() == IocaSettings.InitFrom.SCRATCH) {
      return;
    }
    settings.encoder().resized(EncoderFile.read(stage1));
    if (settings.reconstructsByStage1() && !DecoderFile.isBeside(stage1)) {
      throw new BadInput(
          stage1,
          "has no decoder beside it, which object.decoder=stage1 goes on with",
          "Copy the .decoder.safetensors that mae wrote beside its encoder, or set"
              + " object.decoder=linear");
    }
  }

  private static IocaModel model(IocaSettings settings, Path stage1, long seed, NDManager manager) {
    if (settings.initFrom() == IocaSettings.InitFrom.SCRATCH) {
      return new IocaModel(settings, settings.encoder().start("ioca", seed), seed, manager);
    }
    EncoderFile start = settings.encoder().resized(EncoderFile.read(stage1));
    IocaModel model = new IocaModel(settings, start, seed, manager);
    model.restoreDecoder(stage1);
    return model;
  }
}
