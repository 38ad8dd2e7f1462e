package downstream.eval.data.image;

import downstream.eval.AtomicFile;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A contact sheet: captioned images in rows of tiles of one width. Images keep their proportions, a
 * row is as high as its highest; small ones are enlarged pixel by pixel.
 */
public final class ContactSheet {
  private static final int GAP = 6;
  private static final int CAPTION = 18;

  private record Tile(Image image, String caption) {}

  private final int columns;
  private final int tileWidth;
  private final List<Tile> tiles = new ArrayList<>();

  /**
   * An empty sheet.
   *
   * @param columns tiles a row
   * @param tileWidth pixels
   */
  public ContactSheet(int columns, int tileWidth) {
    if (columns < 1 || tileWidth < 1) {
      throw new IllegalArgumentException(columns + " columns of " + tileWidth + " pixels");
    }
    this.columns = columns;
    this.tileWidth = tileWidth;
  }

  /** Positions of at most {@code count} of {@code all} images, spread evenly over them. */
  public static List<Integer> spread(int all, int count) {
    int shown = Math.min(count, all);
    return IntStream.range(0, shown).mapToObj(i -> (int) ((long) i * all / shown)).toList();
  }

  /** Puts an image on the next tile; a caption that is too long is cut. */
  public ContactSheet add(Image image, String caption) {
    int height = Math.max(1, Math.round((float) tileWidth * image.height() / image.width()));
    tiles.add(new Tile(scale(image, tileWidth, height), caption));
    return this;
  }

  /** The sheet as an image. */
  public Image draw() {
    List<List<Tile>> rows = rows();
    int width = columns * (tileWidth + GAP) + GAP;
    int height = rows.stream().mapToInt(row -> height(row) + CAPTION + GAP).sum() + GAP;
    BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = sheet.createGraphics();
    try {
      pen.setColor(Color.WHITE);
      pen.fillRect(0, 0, width, height);
      pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
      pen.setColor(Color.BLACK);
      int y = GAP;
      for (List<Tile> row : rows) {
        for (int column = 0; column < row.size(); column++) {
          draw(pen, row.get(column), GAP + column * (tileWidth + GAP), y, height(row));
        }
        y += height(row) + CAPTION + GAP;
      }
    } finally {
      pen.dispose();
    }
    return Image.of(sheet);
  }

  private List<List<Tile>> rows() {
    List<List<Tile>> rows = new ArrayList<>();
    for (int first = 0; first < tiles.size(); first += columns) {
      rows.add(tiles.subList(first, Math.min(tiles.size(), first + columns)));
    }
    return rows;
  }

  private static int height(List<Tile> row) {
    return row.stream().mapToInt(tile -> tile.image().height()).max().orElseThrow();
  }

  /** Writes the sheet as a PNG, whole or not at all. */
  public void writePng(Path file) {
    Image sheet = draw();
    AtomicFile.write(file, Png.encode(sheet.width(), sheet.height(), 3, sheet.rgb()));
  }

  private void draw(Graphics2D pen, Tile tile, int x, int y, int tileHeight) {
    pen.drawImage(tile.image().toBuffered(), x, y, null);
    pen.setClip(x, y + tileHeight, tileWidth, CAPTION);
    pen.drawString(tile.caption(), x, y + tileHeight + CAPTION - 5);
    pen.setClip(null);
  }

  /** Shrinks smoothly; enlarges without smoothing, so that single pixels stay visible. */
  private static Image scale(Image image, int width, int height) {
    if (image.width() >= width) {
      return image.resize(width, height);
    }
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < width * height; i++) {
      int x = (int) ((long) (i % width) * image.width() / width);
      int y = (int) ((long) (i / width) * image.height() / height);
      System.arraycopy(image.rgb(), 3 * (y * image.width() + x), rgb, 3 * i, 3);
    }
    return Image.of(width, height, rgb);
  }
}
