/** Region proposals of images: selective search, filters, cache. */
@NullMarked
package downstream.pretrain.mining.regions;

import org.jspecify.annotations.NullMarked;
