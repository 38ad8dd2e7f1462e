package downstream.pretrain.method.autoencoder;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.pretrain.model.MaskedImage.Planes;
import java.util.List;

/** The autoencoders that see the image that they reconstruct. */
abstract class PlainAutoencoder extends AutoencoderModel<Planes> {
  PlainAutoencoder(
      String name,
      Network network,
      int bottleneckWidth,
      int codeWidth,
      long seed,
      NDManager manager) {
    super(name, network, bottleneckWidth, codeWidth, seed, manager);
  }

  /** Images [N, 3, S, S]. */
  @Override
  public final NDList arrays(List<Planes> batch, NDManager manager) {
    return new NDList(images(batch.stream().map(Planes::values).toList(), manager));
  }

  @Override
  final List<List<float[]>> shown(List<Planes> sample) {
    return sample.stream().map(planes -> List.of(planes.values())).toList();
  }

  @Override
  final List<String> captions() {
    return List.of("input");
  }
}
