package web

// packetScreens are the pages that make the packet.
func packetScreens() []screen { return nil }
