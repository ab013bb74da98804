package webtest

import "github.com/chromedp/cdproto/webauthn"

// Device is a passkey device that exists in the browser alone. It answers at
// once, for a person who is there.
type Device struct {
	p  *Page
	id webauthn.AuthenticatorID
}

// Device puts a passkey device into the tab.
func (p *Page) Device() *Device {
	p.t.Helper()
	call(p, webauthn.Enable, webauthn.EnableParams{})
	r := call(p, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}})
	return &Device{p, r.AuthenticatorID}
}

// Knows says whether the device recognises the person from now on.
func (d *Device) Knows(person bool) {
	d.p.t.Helper()
	call(d.p, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: d.id, IsUserVerified: person})
}

// Lies makes the device sign wrongly, or say that it has not looked who is there.
func (d *Device) Lies(signature, unseen bool) {
	d.p.t.Helper()
	call(d.p, webauthn.SetResponseOverrideBits, webauthn.SetResponseOverrideBitsParams{AuthenticatorID: d.id, IsBogusSignature: &signature, IsBadUV: &unseen})
}
