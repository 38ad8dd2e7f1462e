package downstream.eval.confusion;

import downstream.eval.data.image.Image;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;

/**
 * A confusion matrix as a heat map: a row for every true class, each row's shares in percent. With
 * many classes cells shrink and lose names and numbers.
 */
public final class ConfusionHeatMap {
  private static final int WIDEST_CELL = 44;
  private static final int NARROWEST_CELL = 2;
  private static final int NARROWEST_WITH_TEXT = 26;
  private static final int WANTED_SIDE = 1040;
  private static final int MARGIN = 150;
  private static final int SWATCH = 12;

  private final Graphics2D pen;
  private final int cell;
  private final List<Color> colours;

  private ConfusionHeatMap(Graphics2D pen, int cell, List<Color> colours) {
    this.pen = pen;
    this.cell = cell;
    this.colours = colours;
  }

  /**
   * Draws a matrix.
   *
   * @param colours of the classes, shown beside their names; empty for none
   */
  public static Path draw(
      ConfusionCounts confusion, List<String> classes, List<Color> colours, Path file) {
    int cell = Math.max(NARROWEST_CELL, Math.min(WIDEST_CELL, WANTED_SIDE / confusion.classes()));
    int side = MARGIN + cell * confusion.classes() + 10;
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    try {
      pen.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
      pen.setColor(Color.WHITE);
      pen.fillRect(0, 0, side, side);
      new ConfusionHeatMap(pen, cell, colours).draw(confusion, classes);
    } finally {
      pen.dispose();
    }
    Image.of(image).writePng(file);
    return file;
  }

  private void draw(ConfusionCounts confusion, List<String> classes) {
    for (int label = 0; label < classes.size(); label++) {
      if (cell >= NARROWEST_WITH_TEXT) {
        name(classes.get(label), label);
      }
      double ofClass = Math.max(1, confusion.groundTruth(label));
      for (int predicted = 0; predicted < classes.size(); predicted++) {
        fill(label, predicted, confusion.count(label, predicted) / ofClass);
      }
    }
    pen.setColor(Color.BLACK);
    pen.drawString("rows: ground truth", 10, MARGIN - 32);
    pen.drawString("columns: prediction", 10, MARGIN - 16);
  }

  private void name(String name, int label) {
    int at = MARGIN + label * cell + cell / 2;
    int end = MARGIN - 8;
    if (!colours.isEmpty()) {
      pen.setColor(colours.get(label));
      pen.fillRect(end - SWATCH, at - SWATCH / 2, SWATCH, SWATCH);
      pen.fillRect(at - SWATCH / 2, end - SWATCH, SWATCH, SWATCH);
      end -= SWATCH + 6;
    }
    pen.setColor(Color.BLACK);
    pen.drawString(name, end - pen.getFontMetrics().stringWidth(name), at + 4);
    var upright = pen.getTransform();
    pen.rotate(-Math.PI / 2, at, end);
    pen.drawString(name, at, end + 4);
    pen.setTransform(upright);
  }

  /** White for 0 to dark blue for 1. */
  private void fill(int label, int predicted, double share) {
    int x = MARGIN + predicted * cell;
    int y = MARGIN + label * cell;
    int fade = (int) Math.round(255 * (1 - share));
    pen.setColor(new Color(fade, (int) (fade * 0.7 + 76), 255 - (255 - fade) / 3));
    pen.fillRect(x, y, Math.max(1, cell - 1), Math.max(1, cell - 1));
    if (cell >= NARROWEST_WITH_TEXT) {
      String percent = Long.toString(Math.round(100 * share));
      pen.setColor(share > 0.5 ? Color.WHITE : Color.BLACK);
      int width = pen.getFontMetrics().stringWidth(percent);
      pen.drawString(percent, x + (cell - width) / 2, y + cell / 2 + 4);
    }
  }
}
