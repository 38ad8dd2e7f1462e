package downstream.pretrain;

import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.eval.data.Image;
import downstream.eval.data.Sheet;
import downstream.pretrain.masks.RandomMask;
import downstream.pretrain.views.ImageNet;
import downstream.pretrain.views.Photos;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** A sheet that shows what a masked autoencoder paints: input, what is visible, reconstruction. */
final class Reconstructions {
  private static final int COUNT = 8;
  private static final int TILE = 128;
  private static final long SEED = 1;

  private Reconstructions() {}

  /**
   * Draws eight images, spread over the set, under masks that are the same every time. With {@code
   * normPix} a painted patch takes mean and deviation from the true patch, for the network was
   * never asked for them; visible patches are shown as they are.
   */
  static void draw(
      Mae.Autoencoder model, MaeSettings settings, Photos photos, NDManager parent, Path png) {
    List<float[]> images = examples(photos, settings.imageSize());
    SplittableRandom random = new SplittableRandom(SEED);
    int tokens = settings.tokens();
    List<RandomMask> masks =
        images.stream().map(i -> RandomMask.draw(tokens, settings.maskRatio(), random)).toList();
    float[] painted;
    try (NDManager manager = parent.newSubManager()) {
      ParameterStore store = new ParameterStore(manager, false);
      painted = model.reconstruct(images, masks, store, manager, false).toFloatArray();
    }
    Sheet sheet = new Sheet(6, TILE);
    for (int i = 0; i < images.size(); i++) {
      int length = images.get(i).length;
      float[] prediction = Arrays.copyOfRange(painted, i * length, (i + 1) * length);
      float[] truth = Patches.of(images.get(i), settings.imageSize(), settings.patch());
      int[] removed = masks.get(i).removed();
      float[] seen = choose(removed, new float[length], truth);
      sheet.add(image(truth, settings), "input");
      sheet.add(image(seen, settings), "visible");
      sheet.add(image(paint(prediction, truth, removed, settings), settings), "reconstructed");
    }
    sheet.writePng(png);
  }

  private static List<float[]> examples(Photos photos, int size) {
    List<float[]> images = new ArrayList<>();
    int count = Math.min(COUNT, photos.size());
    for (int i = 0; i < count; i++) {
      Image photo = photos.get((int) ((long) i * photos.size() / count));
      int side = Math.min(photo.width(), photo.height());
      Image square =
          photo.crop((photo.width() - side) / 2, (photo.height() - side) / 2, side, side);
      images.add(square.resize(size, size).planes(ImageNet.MEAN, ImageNet.STD));
    }
    return images;
  }

  private static float[] paint(
      float[] prediction, float[] truth, int[] removed, MaeSettings settings) {
    int length = truth.length / removed.length;
    float[] pixels =
        settings.normPix() ? Patches.unstandardised(prediction, truth, length) : prediction;
    return choose(removed, pixels, truth);
  }

  /** Patches of {@code ifRemoved} where a token was removed, else of {@code ifSeen}. */
  private static float[] choose(int[] removed, float[] ifRemoved, float[] ifSeen) {
    float[] chosen = ifSeen.clone();
    int length = ifSeen.length / removed.length;
    for (int token = 0; token < removed.length; token++) {
      if (removed[token] == 1) {
        System.arraycopy(ifRemoved, token * length, chosen, token * length, length);
      }
    }
    return chosen;
  }

  private static Image image(float[] patches, MaeSettings settings) {
    int size = settings.imageSize();
    float[] planes = Patches.planes(patches, size, settings.patch());
    return Image.ofPlanes(planes, size, size, ImageNet.MEAN, ImageNet.STD);
  }
}
