package downstream.eval.data.image;

/** Width and height of an image in pixels; 0 where a file does not say. */
public record ImageSize(int width, int height) {
  public static final ImageSize UNKNOWN = new ImageSize(0, 0);

  @Override
  public String toString() {
    return width + "×" + height;
  }
}
