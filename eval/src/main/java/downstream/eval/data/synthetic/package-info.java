/**
 * Generated scenes: images of textured things on textured ground, labelled with boxes, polygons and
 * class masks. The arithmetic is integer, IEEE or {@link StrictMath} throughout, so that a seed
 * gives the same bytes on every machine.
 */
@NullMarked
package downstream.eval.data.synthetic;

import org.jspecify.annotations.NullMarked;
