package downstream.detection.metrics.mask;

/** Height and width in pixels; 0 where the file does not say. */
public record ImageSize(int height, int width) {}
