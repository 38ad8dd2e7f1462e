package downstream.pretrain;

import ai.djl.ndarray.NDManager;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.run.Estimate;
import downstream.eval.run.Pretrainer;
import downstream.eval.run.Pretraining;
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
  public List<Estimate> estimate(Pretraining pretraining) throws IOException {
    IocaSettings settings = pretraining.resolve(IocaSettings.class);
    return stages(settings).estimate(settings.encoder(), pretraining);
  }

  @Override
  public void run(Pretraining pretraining) throws IOException {
    IocaSettings settings = pretraining.resolve(IocaSettings.class);
    stages(settings).run(this, settings, pretraining);
  }

  static Stages stages(IocaSettings settings) {
    return new Stages(
        new Mae(),
        settings.stage1Settings(),
        settings.stage1Share(),
        settings.mining(),
        false,
        settings.stage1().map(Path::of),
        settings.pairs().map(Path::of),
        settings.budget(),
        (stage1, mined, pretraining, left) ->
            new Stage<>(
                "ioca",
                manager -> model(settings, stage1, pretraining, manager),
                new IocaExamples(new Photos(pretraining.images()), mined, settings),
                settings.training(),
                left));
  }

  private static CoAssistance model(
      IocaSettings settings, Path stage1, Pretraining pretraining, NDManager manager) {
    long seed = pretraining.seed();
    if (settings.start() == IocaSettings.Start.SCRATCH) {
      return new CoAssistance(settings, settings.encoder().untrained("ioca", seed), seed, manager);
    }
    EncoderFile start = settings.encoder().fitted(EncoderFile.read(stage1));
    CoAssistance model = new CoAssistance(settings, start, seed, manager);
    model.goOnFrom(stage1);
    return model;
  }
}
