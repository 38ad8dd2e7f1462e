package downstream.pretrain;

import downstream.eval.Device;
import downstream.eval.data.ImageSet;
import downstream.pretrain.mining.Mining;
import downstream.pretrain.mining.pairs.MinedPairs;
import downstream.pretrain.settings.MiningSettings;
import java.nio.file.Path;
import java.util.Optional;

/** Random pairs of {@link TestImages}, whose regions are those of selective search. */
public final class TestPairs {
  private TestPairs() {}

  public static MinedPairs mine(ImageSet images, Path folder) {
    Path encoder = folder.resolve("random-init.onnx");
    TestEncoders.VIT.randomInit("random-init", 0).write(encoder);
    return Mining.mine(
        new Mining.Inputs(
            encoder,
            images,
            MiningSettings.DEFAULTS.withPairSelection(MiningSettings.PairSelection.RANDOM),
            Optional.empty(),
            Optional.empty(),
            0,
            1,
            Device.CPU),
        folder.resolve("mining"));
  }
}
