package downstream.eval.classification;

import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Box;
import downstream.eval.data.annotation.Category;
import downstream.eval.data.image.Image;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Images of grey noise with two squares each, red, green or blue: their colour is their class. */
final class ColouredObjects {
  static final List<Category> CATEGORIES =
      List.of(new Category(2, "red"), new Category(3, "green"), new Category(7, "blue"));

  private static final int WIDTH = 48;
  private static final int HEIGHT = 32;
  private static final int SIDE = 12;

  private ColouredObjects() {}

  /** Writes images {@code 0.png}, {@code 1.png}, … into a folder. */
  static ImageSet write(Path folder, int images, long seed) {
    Random random = new Random(seed);
    List<ImageRecord> records = new ArrayList<>();
    long box = 0;
    for (int i = 0; i < images; i++) {
      byte[] rgb = new byte[3 * WIDTH * HEIGHT];
      for (int j = 0; j < rgb.length; j++) {
        rgb[j] = (byte) (96 + random.nextInt(64));
      }
      List<Box> boxes = new ArrayList<>();
      for (int left : new int[] {2, 30}) {
        int label = random.nextInt(3);
        int top = random.nextInt(HEIGHT - SIDE);
        paint(rgb, left, top, label, random);
        boxes.add(
            new Box(
                ++box,
                CATEGORIES.get(label).id(),
                left,
                top,
                SIDE,
                SIDE,
                SIDE * SIDE,
                false,
                false,
                Optional.empty()));
      }
      Path file = folder.resolve(i + ".png");
      Image.of(WIDTH, HEIGHT, rgb).writePng(file);
      records.add(new ImageRecord(i + 1, i + ".png", file, WIDTH, HEIGHT, boxes, Optional.empty()));
    }
    String fingerprint = "coloured " + images + " " + seed;
    return new ImageSet(
        "coloured", CATEGORIES, List.of(), records, Set.of(), fingerprint, List.of());
  }

  private static void paint(byte[] rgb, int left, int top, int label, Random random) {
    for (int y = top; y < top + SIDE; y++) {
      for (int x = left; x < left + SIDE; x++) {
        for (int channel = 0; channel < 3; channel++) {
          int base = channel == label ? 200 : 30;
          rgb[3 * (y * WIDTH + x) + channel] = (byte) (base + random.nextInt(40));
        }
      }
    }
  }
}
