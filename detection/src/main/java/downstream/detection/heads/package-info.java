/** Detectors on an encoder's maps: necks, heads, what they learn from, what they find. */
@NullMarked
package downstream.detection.heads;

import org.jspecify.annotations.NullMarked;
