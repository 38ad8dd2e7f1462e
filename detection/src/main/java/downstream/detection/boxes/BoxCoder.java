package downstream.detection.boxes;

import java.util.List;

/**
 * Boxes as moves of other boxes (Girshick et al. 2014, appendix C): the centre by shares of the
 * reference's size, the size by its logarithm, each times a weight that brings it to unit size.
 *
 * @param weights of dx, dy, dw, dh
 */
public record BoxCoder(List<Double> weights) {
  /** Coder of a region proposal network. */
  public static final BoxCoder PROPOSALS = new BoxCoder(List.of(1.0, 1.0, 1.0, 1.0));

  /** Coder of a box head (Fast R-CNN's normalisation of targets). */
  public static final BoxCoder REGIONS = new BoxCoder(List.of(10.0, 10.0, 5.0, 5.0));

  /** Largest growth: from 16 to 1000 pixels; more would overflow. */
  private static final float LARGEST_LOG = (float) Math.log(1000.0 / 16);

  public BoxCoder {
    weights = List.copyOf(weights);
  }

  private float weight(int index) {
    return weights.get(index).floatValue();
  }

  /** Writes what leads from {@code from[i]} to {@code to[j]} into four places of {@code into}. */
  public void encode(float[] from, int i, float[] to, int j, float[] into, int at) {
    float width = Boxes.width(from, i);
    float height = Boxes.height(from, i);
    float x = from[4 * i] + 0.5f * width;
    float y = from[4 * i + 1] + 0.5f * height;
    float toWidth = Boxes.width(to, j);
    float toHeight = Boxes.height(to, j);
    into[at] = weight(0) * (to[4 * j] + 0.5f * toWidth - x) / width;
    into[at + 1] = weight(1) * (to[4 * j + 1] + 0.5f * toHeight - y) / height;
    into[at + 2] = weight(2) * (float) Math.log(toWidth / width);
    into[at + 3] = weight(3) * (float) Math.log(toHeight / height);
  }

  /** Writes the box that four numbers of {@code deltas} make of {@code from[i]}. */
  public void decode(float[] from, int i, float[] deltas, int d, float[] into, int at) {
    float width = Boxes.width(from, i);
    float height = Boxes.height(from, i);
    float x = from[4 * i] + 0.5f * width + deltas[d] / weight(0) * width;
    float y = from[4 * i + 1] + 0.5f * height + deltas[d + 1] / weight(1) * height;
    float newWidth = (float) Math.exp(Math.min(deltas[d + 2] / weight(2), LARGEST_LOG)) * width;
    float newHeight = (float) Math.exp(Math.min(deltas[d + 3] / weight(3), LARGEST_LOG)) * height;
    into[at] = x - 0.5f * newWidth;
    into[at + 1] = y - 0.5f * newHeight;
    into[at + 2] = x + 0.5f * newWidth;
    into[at + 3] = y + 0.5f * newHeight;
  }
}
