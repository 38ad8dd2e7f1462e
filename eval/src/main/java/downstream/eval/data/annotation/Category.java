package downstream.eval.data.annotation;

/**
 * A class of objects or pixels. For label maps {@code id} is the value of the pixel, 0 to C-1 after
 * ignored values are taken out.
 */
public record Category(long id, String name) {}
