package downstream.pretrain.method;

import downstream.eval.pretraining.CostEstimate;
import downstream.eval.pretraining.Pretrainer;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.pretrain.run.Export;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.SettingsChecks;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The random-init control: the encoder that the other methods start from at the same architecture
 * and seed, without training.
 */
public final class RandomInitMethod implements Pretrainer {
  /** The architecture. */
  record Settings(EncoderSettings encoder) {
    Settings {
      SettingsChecks.that(
          encoder.init().isEmpty(), "encoder.init must be empty: random weights are all there is");
    }
  }

  @Override
  public String name() {
    return "random";
  }

  @Override
  public String summary() {
    return "Random-init control: the encoder that the other methods start from, not trained";
  }

  @Override
  public Map<String, Record> presets() {
    return Presets.of(
        new Settings(EncoderSettings.SMOKE),
        new Settings(EncoderSettings.SMALL),
        new Settings(EncoderSettings.VIT_BASE));
  }

  @Override
  public List<CostEstimate> estimate(PretrainingRequest pretraining) {
    return List.of(new CostEstimate("none", 0, 0, 0, 0, OptionalLong.empty()));
  }

  @Override
  public void run(PretrainingRequest pretraining) throws IOException {
    Settings settings = pretraining.resolve(Settings.class);
    new Export(this, settings, pretraining).writeRandomInit(settings.encoder());
  }
}
