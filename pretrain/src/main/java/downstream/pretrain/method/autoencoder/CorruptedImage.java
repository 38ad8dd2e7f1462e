package downstream.pretrain.method.autoencoder;

import downstream.pretrain.model.MaskedImage.Planes;

/**
 * An image and what the encoder sees of it, in host memory.
 *
 * @param clean [3, S, S]
 * @param seen [3, S, S]
 * @param mask [S, S], 1 where a pixel is corrupted, else 0
 */
record CorruptedImage(Planes clean, Planes seen, Planes mask) {
  CorruptedImage(float[] clean, float[] seen, float[] mask) {
    this(new Planes(clean), new Planes(seen), new Planes(mask));
  }
}
