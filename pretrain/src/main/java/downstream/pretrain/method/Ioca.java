package downstream.pretrain.method;

import ai.djl.ndarray.NDManager;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.pretraining.CostEstimate;
import downstream.eval.pretraining.Pretrainer;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.run.TwoStagePretraining;
import downstream.pretrain.views.Photos;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * IOCA, image-object co-assistance: a masked autoencoder (stage 1) finds images and regions that
 * are alike, and goes on to learn (stage 2) from whole images and from regions together. Regions
 * are reconstructed under a patch-incomplete mask, which never wipes out a small object, and drawn
 * towards their partners as SimSiam does.
 */
public final class Ioca implements Pretrainer {
  @Override
  public String name() {
    return "ioca";
  }

  @Override
  public String summary() {
    return "Image-object co-assistance: MAE, mined regions, patch-incomplete masks and SimSiam";
  }

  @Override
  public Map<String, Record> presets() {
    return IocaSettings.PRESETS;
  }

  @Override
  public List<CostEstimate> estimate(PretrainingRequest pretraining) throws IOException {
    IocaSettings settings = pretraining.resolve(IocaSettings.class);
    return stages(settings).estimate(settings.encoder(), pretraining);
  }

  @Override
  public void run(PretrainingRequest pretraining) throws IOException {
    IocaSettings settings = pretraining.resolve(IocaSettings.class);
    stages(settings).run(this, settings, pretraining);
  }

  public static TwoStagePretraining stages(IocaSettings settings) {
    return new TwoStagePretraining(
        new Mae(),
        settings.stage1Settings(),
        settings.stage1BudgetFraction(),
        settings.mining(),
        false,
        settings.stage1Encoder().map(Path::of),
        settings.pairsFile().map(Path::of),
        settings.budget(),
        (stage1, mined, pretraining, left) ->
            new TrainingStage<>(
                "ioca",
                manager -> model(settings, stage1, pretraining, manager),
                new IocaExamples(new Photos(pretraining.images()), mined, settings),
                settings.training(),
                left));
  }

  private static IocaModel model(
      IocaSettings settings, Path stage1, PretrainingRequest pretraining, NDManager manager) {
    long seed = pretraining.seed();
    if (settings.initFrom() == IocaSettings.InitFrom.SCRATCH) {
      return new IocaModel(settings, settings.encoder().untrained("ioca", seed), seed, manager);
    }
    EncoderFile start = settings.encoder().fitted(EncoderFile.read(stage1));
    IocaModel model = new IocaModel(settings, start, seed, manager);
    model.goOnFrom(stage1);
    return model;
  }
}
