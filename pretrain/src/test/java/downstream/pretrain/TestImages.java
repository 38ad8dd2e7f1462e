package downstream.pretrain;

import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.Image;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Small images of one rectangle on a shaded ground, written as PNG. */
public final class TestImages {
  private static final int SIDE = 24;

  private TestImages() {}

  public static ImageSet write(Path folder, int count) {
    List<ImageRecord> images = new ArrayList<>();
    for (int id = 1; id <= count; id++) {
      Path file = folder.resolve(id + ".png");
      draw(new Random(id)).writePng(file);
      images.add(new ImageRecord(id, id + ".png", file, SIDE, SIDE, List.of(), Optional.empty()));
    }
    return new ImageSet(
        "rectangles", List.of(), List.of(), images, Set.of(), "0".repeat(64), List.of());
  }

  private static Image draw(Random random) {
    byte[] rgb = new byte[SIDE * SIDE * 3];
    int left = random.nextInt(SIDE / 2);
    int top = random.nextInt(SIDE / 2);
    int[] colour = {random.nextInt(256), random.nextInt(256), random.nextInt(256)};
    for (int i = 0; i < rgb.length; i++) {
      int x = i / 3 % SIDE;
      int y = i / 3 / SIDE;
      boolean inside = x >= left && x < left + SIDE / 2 && y >= top && y < top + SIDE / 2;
      rgb[i] = (byte) (inside ? colour[i % 3] : 5 * x + 3 * y);
    }
    return Image.of(SIDE, SIDE, rgb);
  }
}
