package downstream.segmentation;

import downstream.eval.data.ImageSet;
import downstream.eval.data.image.LabelMap;
import java.awt.Color;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** A colour for every class value, 0xRRGGBB; 255 is white. */
final class Palette {
  private static final float GOLDEN_ANGLE = 0.381966f;
  private static final int WHITE = 0xffffff;
  private static final int VALUES = 256;
  private static final int FIRST_CHUNK = 8;
  private static final int PLTE = 0x504C5445;
  private static final int IDAT = 0x49444154;

  /** Neighbouring values lie far apart on the colour circle. */
  static final Palette GENERATED = generated();

  private final List<Integer> colours;

  private Palette(List<Integer> colours) {
    this.colours = List.copyOf(colours);
  }

  private static Palette generated() {
    List<Integer> colours = new ArrayList<>();
    for (int value = 0; value < LabelMap.IGNORE; value++) {
      float hue = 0.6f + value * GOLDEN_ANGLE;
      float saturation = value / 8 % 2 == 0 ? 0.75f : 0.45f;
      float brightness = value % 2 == 0 ? 0.95f : 0.65f;
      colours.add(Color.HSBtoRGB(hue, saturation, brightness) & WHITE);
    }
    colours.add(WHITE);
    return new Palette(colours);
  }

  /**
   * The palette of a set's own label maps, as VOC's have one, if it tells the classes apart; else
   * the generated one.
   */
  static Palette of(ImageSet set) {
    List<Integer> own =
        set.images().isEmpty()
            ? List.of()
            : set.images().get(0).labelMap().map(Palette::inFile).orElse(List.of());
    List<Integer> colours = new ArrayList<>();
    for (int value = 0; value < own.size() && value < LabelMap.IGNORE; value++) {
      if (!set.ignore().contains(value)) {
        colours.add(own.get(value));
      }
    }
    int classes = set.labels().size();
    boolean apart =
        colours.size() >= classes
            && new HashSet<>(colours.subList(0, classes)).size() == classes
            && !isGrey(colours.subList(0, classes));
    if (!apart) {
      return GENERATED;
    }
    List<Integer> all = new ArrayList<>(colours.subList(0, classes));
    for (int value = classes; value < VALUES; value++) {
      all.add(GENERATED.colour(value));
    }
    return new Palette(all);
  }

  private static boolean isGrey(List<Integer> colours) {
    return colours.stream()
        .allMatch(c -> (c >> 16) == (c >> 8 & 0xff) && (c >> 8 & 0xff) == (c & 0xff));
  }

  /** The colours of a PNG's PLTE chunk; none if there is no such chunk. */
  private static List<Integer> inFile(Path png) {
    ByteBuffer file = bytes(png);
    int at = FIRST_CHUNK;
    while (at + 12 <= file.limit()) {
      int length = file.getInt(at);
      int type = file.getInt(at + 4);
      if (length < 0 || length > file.limit() - at - 12 || type == IDAT) {
        return List.of();
      }
      if (type == PLTE) {
        List<Integer> colours = new ArrayList<>();
        for (int i = at + 8; i + 3 <= at + 8 + length; i += 3) {
          int red = file.get(i) & 0xff;
          int green = file.get(i + 1) & 0xff;
          colours.add((red << 16) | (green << 8) | (file.get(i + 2) & 0xff));
        }
        return colours;
      }
      at += 12 + length;
    }
    return List.of();
  }

  private static ByteBuffer bytes(Path file) {
    try {
      return ByteBuffer.wrap(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  /** The colour of a class. */
  int colour(int value) {
    return colours.get(value);
  }

  /** The colours of the first classes. */
  List<Color> colours(int classes) {
    return colours.subList(0, classes).stream().map(Color::new).toList();
  }

  /** All 256 of them, for an indexed image. */
  IndexColorModel model() {
    byte[] red = new byte[VALUES];
    byte[] green = new byte[VALUES];
    byte[] blue = new byte[VALUES];
    for (int value = 0; value < VALUES; value++) {
      red[value] = (byte) (colour(value) >> 16);
      green[value] = (byte) (colour(value) >> 8);
      blue[value] = (byte) colour(value);
    }
    return new IndexColorModel(8, VALUES, red, green, blue);
  }
}
